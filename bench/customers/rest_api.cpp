#include "bench/customers/rest_api.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/segments_view.hpp>

#include "bench/customers/call.h"
#include "bench/customers/conference.h"
#include "bench/customers/signature.h"

namespace sb::customers {
namespace json = boost::json;
namespace {

HttpAnswer fault(int status, int code, const std::string& message) {
  const json::object body = {{"code", code},
                             {"message", message},
                             {"more_info", "https://www.twilio.com/docs/errors/" + std::to_string(code)},
                             {"status", status}};
  return {status, json::serialize(body), "application/json"};
}

HttpAnswer not_found() {
  return fault(404, 20404, "The requested resource was not found");
}

bool truth(const Form& form, std::string_view name, bool otherwise) {
  return has_field(form, name) ? field(form, name) == "true" : otherwise;
}

// Every value of a repeated field; blanks separate values too.
std::set<std::string> events(const Form& form, std::string_view name, const std::set<std::string>& otherwise) {
  std::set<std::string> out;
  for (const auto& [key, value] : form) {
    if (key != name) continue;
    std::size_t start = 0;
    while (start < value.size()) {
      const auto end = std::min(value.find(' ', start), value.size());
      if (end > start) out.insert(value.substr(start, end - start));
      start = end + 1;
    }
  }
  return out.empty() ? otherwise : out;
}

std::string state_of(const Conference& conference, const Participant& participant) {
  if (!conference.expects(participant.call->sid())) return "connected";
  return participant.call->status() == CallStatus::kRinging ? "ringing" : "queued";
}

std::string without_suffix(const std::string& part) {
  const auto at = part.rfind(".json");
  return at != std::string::npos && at + 5 == part.size() ? part.substr(0, at) : part;
}

}  // namespace

RestApi::RestApi(Exchange& exchange, std::string account_sid, std::string auth_token)
    : exchange_(exchange),
      account_sid_(std::move(account_sid)),
      authorization_("Basic " + base64(account_sid_ + ":" + auth_token)) {}

HttpAnswer RestApi::handle(const HttpRequest& request) {
  auto& ledger = exchange_.ledger();
  ledger.count("REST requests from the server");
  if (request.header("Authorization") != authorization_) {
    ledger.error("REST " + request.method + " " + request.target + " without the account's credentials");
    return fault(401, 20003, "Authenticate");
  }
  const auto url = boost::urls::parse_origin_form(request.target);
  const auto form = decode_form(request.method == "GET" && url ? std::string(url->encoded_query()) : request.body);
  if (!url || !form) {
    ledger.error("REST " + request.method + " " + request.target + " is malformed");
    return fault(400, 20001, "Malformed request");
  }
  Parts parts;
  for (const auto& segment : url->segments()) parts.emplace_back(segment);
  if (parts.size() < 4 || parts[0] != "2010-04-01" || parts[1] != "Accounts" || parts[2] != account_sid_) {
    ledger.error("REST " + request.method + " " + request.target + " is no known resource");
    return not_found();
  }
  parts.erase(parts.begin(), parts.begin() + 3);
  parts.back() = without_suffix(parts.back());
  HttpAnswer answer = route(request.method, parts, *form);
  if (answer.status >= 400) {
    ledger.count("REST requests refused");
    // 404 and 21220 are the ordinary race with a caller who hangs up.
    if (answer.status != 404 && answer.body.find("21220") == std::string::npos) {
      ledger.error("REST " + request.method + " " + request.target + ": " + answer.body);
    }
  }
  return answer;
}

HttpAnswer RestApi::route(const std::string& method, const Parts& parts, const Form& form) {
  if (parts[0] == "Calls") return calls(method, parts, form);
  if (parts[0] == "Conferences") return conferences(method, parts, form);
  return not_found();
}

HttpAnswer RestApi::calls(const std::string& method, const Parts& parts, const Form& form) {
  if (parts.size() == 1 && method == "POST") return create_call(form);
  if (parts.size() == 1 && method == "GET") return list_calls(form);
  if (parts.size() != 2) return not_found();
  const auto call = exchange_.find_call(parts[1]);
  if (!call) return not_found();
  if (method == "GET") return {200, call_json(*call), "application/json"};
  if (method == "POST") return update_call(*call, form);
  return fault(405, 20004, "Method not allowed");
}

Exchange::LegOrder RestApi::leg_order(const Form& form) const {
  Exchange::LegOrder order;
  order.from = field(form, "From");
  order.to = field(form, "To");
  order.status_url = field(form, "StatusCallback");
  order.status_events = events(form, "StatusCallbackEvent", {"completed"});
  if (const auto timeout = field(form, "Timeout"); !timeout.empty()) {
    order.timeout = Millis(std::clamp(std::strtol(timeout.c_str(), nullptr, 10), 1L, 600L) * 1000);
  }
  return order;
}

HttpAnswer RestApi::create_call(const Form& form) {
  const auto order = leg_order(form);
  if (order.to.empty()) return fault(400, 21201, "No 'To' number is specified");
  if (order.from.empty()) return fault(400, 21213, "No 'From' number is specified");
  const std::string url = field(form, "Url");
  const std::string twiml = field(form, "Twiml");
  if (url.empty() && twiml.empty()) return fault(400, 21205, "Url parameter is required");
  if (twiml.size() > 4000) return fault(400, 21214, "Twiml is longer than 4000 characters");
  const std::string base = exchange_.webhooks().url("/");
  const auto call = exchange_.call_out(order, [url, twiml, base](Call& answered) {
    if (url.empty()) {
      answered.do_twiml(twiml, base);
    } else {
      answered.go_to(url);
    }
  });
  return {201, call_json(*call), "application/json"};
}

HttpAnswer RestApi::list_calls(const Form& form) const {
  json::array found;
  for (const auto& call : exchange_.calls_between(field(form, "From"), field(form, "To"))) {
    found.push_back(call_object(*call));
  }
  const json::object page = {{"calls", std::move(found)}, {"page", 0}, {"page_size", 50}};
  return {200, json::serialize(page), "application/json"};
}

HttpAnswer RestApi::update_call(Call& call, const Form& form) {
  if (call.finished()) return fault(400, 21220, "Call is not in-progress. Cannot redirect.");
  const std::string status = field(form, "Status");
  const std::string url = field(form, "Url");
  const std::string twiml = field(form, "Twiml");
  if (status == "completed" || status == "canceled") {
    if (status == "canceled" && call.status() == CallStatus::kInProgress) {
      return fault(400, 21220, "Call is in-progress. Cannot cancel.");
    }
    call.hang_up(status == "completed" ? CallStatus::kCompleted : CallStatus::kCanceled);
  } else if (!url.empty() || !twiml.empty()) {
    if (call.status() != CallStatus::kInProgress) return fault(400, 21220, "Call is not in-progress. Cannot redirect.");
    exchange_.ledger().count("calls redirected by the server");
    if (url.empty()) {
      call.do_twiml(twiml, exchange_.webhooks().url("/"));
    } else {
      call.go_to(url);
    }
  } else {
    return fault(400, 21218, "Nothing to change: Url, Twiml or Status is required");
  }
  return {200, call_json(call), "application/json"};
}

HttpAnswer RestApi::conferences(const std::string& method, const Parts& parts, const Form& form) {
  if (parts.size() == 1) return method == "GET" ? list_conferences(field(form, "FriendlyName")) : not_found();
  if (parts.size() == 3 && parts[2] == "Participants" && method == "POST") return create_participant(parts[1], form);
  const auto conference = exchange_.find_conference(parts[1]);
  if (!conference) return not_found();
  if (parts.size() == 2) {
    if (method == "POST" && field(form, "Status") == "completed") conference->end();
    return {200, json::serialize(conference_json(*conference)), "application/json"};
  }
  if (parts.size() != 4 || parts[2] != "Participants") return not_found();
  auto* participant = conference->find(parts[3]);
  if (participant == nullptr) return not_found();
  if (method == "DELETE") {
    const auto call = participant->call;
    if (conference->expects(call->sid())) {
      call->hang_up(CallStatus::kCanceled);
      return {204, {}, {}};
    }
    conference->leave(call->sid(), true);
    call->conference_is_over();
    return {204, {}, {}};
  }
  if (method == "POST") return update_participant(*conference, *participant, form);
  return {200, participant_json(*conference, *participant, state_of(*conference, *participant)), "application/json"};
}

HttpAnswer RestApi::create_participant(const std::string& name, const Form& form) {
  const bool by_sid = name.size() == 34 && name.rfind("CF", 0) == 0;
  auto conference = exchange_.find_conference(name);
  if (!conference && by_sid) return not_found();
  const auto order = leg_order(form);
  if (order.to.empty() || order.from.empty()) return fault(400, 21201, "'To' and 'From' are required");
  if (!conference) conference = exchange_.open_conference(name);
  conference->listen(field(form, "ConferenceStatusCallback"),
                     events(form, "ConferenceStatusCallbackEvent", {"start", "end"}));
  Participant participant;
  participant.label = field(form, "Label");
  participant.start_on_enter = truth(form, "StartConferenceOnEnter", true);
  participant.end_on_exit = truth(form, "EndConferenceOnExit", false);
  participant.muted = truth(form, "Muted", false);
  participant.coach_sid = field(form, "CallSidToCoach");
  participant.coaching = truth(form, "Coaching", false);
  const std::string friendly_name = conference->name();
  const auto call = exchange_.call_out(order, [&exchange = exchange_, friendly_name, participant](Call& answered) {
    Participant joining = participant;
    joining.call = answered.shared_from_this();
    const auto room = exchange.open_conference(friendly_name);
    answered.enter_conference(room);
    room->join(std::move(joining));
  });
  participant.call = call;
  const std::weak_ptr<Conference> room = conference;
  call->on_finished([room](Call& ended) {
    if (const auto waited = room.lock()) waited->no_longer_expect(ended.sid());
  });
  conference->expect(participant);
  return {201, participant_json(*conference, participant, "queued"), "application/json"};
}

HttpAnswer RestApi::list_conferences(const std::string& name) const {
  json::array found;
  if (const auto conference = exchange_.find_conference(name)) found.push_back(conference_json(*conference));
  const json::object page = {{"conferences", std::move(found)}, {"page", 0}, {"page_size", 50}};
  return {200, json::serialize(page), "application/json"};
}

HttpAnswer RestApi::update_participant(Conference& conference, Participant& participant, const Form& form) {
  if (has_field(form, "Hold")) conference.set_hold(participant, truth(form, "Hold", false));
  if (has_field(form, "Muted")) conference.set_muted(participant, truth(form, "Muted", false));
  participant.end_on_exit = truth(form, "EndConferenceOnExit", participant.end_on_exit);
  if (has_field(form, "Coaching")) {
    participant.coaching = truth(form, "Coaching", false);
    participant.coach_sid = participant.coaching ? field(form, "CallSidToCoach") : std::string{};
  }
  if (const auto url = field(form, "HoldUrl"); !url.empty()) exchange_.check_audio(url);
  return {200, participant_json(conference, participant, state_of(conference, participant)), "application/json"};
}

std::string RestApi::call_json(const Call& call) const {
  return json::serialize(call_object(call));
}

json::object RestApi::call_object(const Call& call) const {
  return json::object{{"sid", call.sid()},
                      {"date_created", call.facts().created},
                      {"account_sid", account_sid_},
                      {"parent_call_sid", call.facts().parent_sid},
                      {"to", call.facts().to},
                      {"from", call.facts().from},
                      {"status", to_text(call.status())},
                      {"direction", call.facts().direction},
                      {"api_version", "2010-04-01"}};
}

json::object RestApi::conference_json(const Conference& conference) const {
  const char* status = conference.ended() ? "completed" : conference.started() ? "in-progress" : "init";
  return json::object{{"sid", conference.sid()},
                      {"account_sid", account_sid_},
                      {"friendly_name", conference.name()},
                      {"status", status},
                      {"api_version", "2010-04-01"}};
}

std::string RestApi::participant_json(const Conference& conference, const Participant& participant,
                                      const std::string& status) const {
  return json::serialize(json::object{{"account_sid", account_sid_},
                                      {"call_sid", participant.call->sid()},
                                      {"conference_sid", conference.sid()},
                                      {"label", participant.label},
                                      {"muted", participant.muted},
                                      {"hold", participant.hold},
                                      {"coaching", participant.coaching},
                                      {"start_conference_on_enter", participant.start_on_enter},
                                      {"end_conference_on_exit", participant.end_on_exit},
                                      {"status", status}});
}

}  // namespace sb::customers
