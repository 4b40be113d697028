#pragma once
// The provider's REST interface over an exchange: calls, conferences and their participants, with HTTP Basic, form
// bodies, JSON answers and the provider's error numbers. One thread.
#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "bench/customers/exchange.h"
#include "bench/customers/http_server.h"

namespace sb::customers {

struct Participant;

class RestApi {
 public:
  RestApi(Exchange& exchange, std::string account_sid, std::string auth_token);

  [[nodiscard]] HttpAnswer handle(const HttpRequest& request);

 private:
  using Parts = std::vector<std::string>;

  [[nodiscard]] HttpAnswer route(const std::string& method, const Parts& parts, const Form& form);
  [[nodiscard]] HttpAnswer calls(const std::string& method, const Parts& parts, const Form& form);
  [[nodiscard]] HttpAnswer create_call(const Form& form);
  [[nodiscard]] HttpAnswer list_calls(const Form& form) const;
  [[nodiscard]] HttpAnswer update_call(Call& call, const Form& form);
  [[nodiscard]] HttpAnswer conferences(const std::string& method, const Parts& parts, const Form& form);
  [[nodiscard]] HttpAnswer create_participant(const std::string& conference, const Form& form);
  [[nodiscard]] HttpAnswer update_participant(Conference& conference, Participant& participant, const Form& form);
  [[nodiscard]] Exchange::LegOrder leg_order(const Form& form) const;
  [[nodiscard]] std::string call_json(const Call& call) const;
  [[nodiscard]] boost::json::object call_object(const Call& call) const;
  [[nodiscard]] HttpAnswer list_conferences(const std::string& name) const;
  [[nodiscard]] boost::json::object conference_json(const Conference& conference) const;
  [[nodiscard]] std::string participant_json(const Conference& conference, const Participant& participant,
                                             const std::string& status) const;

  Exchange& exchange_;
  std::string account_sid_;
  std::string authorization_;
};

}  // namespace sb::customers
