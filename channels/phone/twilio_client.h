#pragma once
// Twilio's REST interface for calls and conferences. Every answer becomes one of four outcomes, so that callers need
// not know status codes. Owner thread: the HTTP client's io thread (the release executor). Lifecycle: outlived by the
// HTTP client.
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/outbox.h"
#include "net/client.h"

namespace sb::phone {

// True for a CallStatus after which nothing more happens to the call.
[[nodiscard]] bool is_over(std::string_view status);

struct RestOutcome {
  enum Kind : std::uint8_t {
    kDone,
    kGone,     // 404, or a call that is no longer in progress (21220): nothing left to act on
    kRetry,    // network, 429, 5xx
    kRefused,  // any other 4xx: the same request will never succeed
  } kind = kDone;
  std::string reason;             // for people; no secrets
  DurationMs retry_after_ms = 0;  // 0: not said
  boost::json::object body;       // of kDone

  [[nodiscard]] std::string text(std::string_view field) const;  // of the body; empty if absent
};

// kGone counts as delivered: what should be over is over.
[[nodiscard]] engine::Delivery delivery_of(const RestOutcome& outcome);

using FormFields = std::vector<std::pair<std::string, std::string>>;

class TwilioClient {
 public:
  using Done = std::move_only_function<void(RestOutcome)>;

  struct Account {
    std::string sid;
    std::string auth_token;
    std::string api_base;  // without a trailing slash
  };

  TwilioClient(net::HttpClient& http, const Account& account);

  void add_participant(std::string_view conference, const FormFields& fields, Done done);
  void find_participant(std::string_view conference, std::string_view label, Done done);
  void update_participant(std::string_view conference, std::string_view label, const FormFields& fields, Done done);
  void remove_participant(std::string_view conference, std::string_view label, Done done);
  // kDone with "sid": the running conference of that name.
  void find_conference(std::string_view name, Done done);
  void end_conference(std::string_view conference, Done done);
  void start_call(const FormFields& fields, Done done);
  // kDone with "calls": the latest ones between two numbers, newest first.
  void find_calls(std::string_view from, std::string_view to, Done done);
  void redirect_call(std::string_view call_sid, std::string_view url, Done done);
  void end_call(std::string_view call_sid, Done done);

 private:
  void send(std::string method, std::string_view path, const FormFields& fields, Done done);

  net::HttpClient& http_;
  std::string root_;
  std::string authorization_;
};

}  // namespace sb::phone
