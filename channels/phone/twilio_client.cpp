#include "channels/phone/twilio_client.h"

#include <fmt/format.h>
#include <sodium.h>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <charconv>

#include "net/form.h"

namespace sb::phone {
namespace {

namespace json = boost::json;

constexpr std::int64_t kCallNotInProgress = 21220;
constexpr std::size_t kReasonBytesMax = 200;
constexpr std::chrono::milliseconds kTotalTimeout{10'000};

std::string basic(const std::string& user, const std::string& password) {
  const std::string both = user + ":" + password;
  std::string out(sodium_base64_encoded_len(both.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), reinterpret_cast<const unsigned char*>(both.data()), both.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return "Basic " + out;
}

DurationMs retry_after(const net::Headers& headers) {
  const auto text = headers.find("Retry-After").value_or("");
  std::uint32_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  return error == std::errc() && end == text.data() + text.size() ? DurationMs{seconds} * 1000 : 0;
}

json::object object_of(const std::string& body) {
  boost::system::error_code error;
  json::value value = json::parse(body, error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::int64_t code_of(const json::object& body) {
  const auto* code = body.if_contains("code");
  return code && code->is_int64() ? code->get_int64() : 0;
}

RestOutcome outcome_of(std::string_view what, std::expected<net::ClientResponse, net::Error> answer) {
  RestOutcome outcome;
  if (!answer) {
    outcome.kind = RestOutcome::kRetry;
    outcome.reason = fmt::format("{}: {}", what, net::to_string(answer.error()));
    return outcome;
  }
  outcome.body = object_of(answer->body);
  if (answer->status >= 200 && answer->status < 300) return outcome;
  const std::int64_t code = code_of(outcome.body);
  outcome.reason =
      fmt::format("{}: HTTP {} {} {}", what, answer->status, code, outcome.text("message").substr(0, kReasonBytesMax));
  if (answer->status == 404 || code == kCallNotInProgress) {
    outcome.kind = RestOutcome::kGone;
  } else if (answer->status == 429 || answer->status >= 500) {
    outcome.kind = RestOutcome::kRetry;
    outcome.retry_after_ms = retry_after(answer->headers);
  } else {
    outcome.kind = RestOutcome::kRefused;
  }
  return outcome;
}

std::string participants(std::string_view conference, std::string_view label) {
  return fmt::format("Conferences/{}/Participants/{}.json", net::percent_encode(conference),
                     net::percent_encode(label));
}

}  // namespace

bool is_over(std::string_view status) {
  return status == "completed" || status == "busy" || status == "no-answer" || status == "failed" ||
         status == "canceled";
}

std::string RestOutcome::text(std::string_view field) const {
  const auto* value = body.if_contains(field);
  return value && value->is_string() ? std::string(std::string_view(value->get_string())) : std::string();
}

engine::Delivery delivery_of(const RestOutcome& outcome) {
  switch (outcome.kind) {
    case RestOutcome::kDone:
    case RestOutcome::kGone:
      return {engine::Delivery::kDone, {}, 0};
    case RestOutcome::kRetry:
      return {engine::Delivery::kRetry, outcome.reason, outcome.retry_after_ms};
    case RestOutcome::kRefused:
      break;
  }
  return {engine::Delivery::kDead, outcome.reason, 0};
}

TwilioClient::TwilioClient(net::HttpClient& http, const Account& account)
    : http_(http),
      root_(account.api_base + "/2010-04-01/Accounts/" + account.sid + "/"),
      authorization_(basic(account.sid, account.auth_token)) {}

void TwilioClient::send(std::string method, std::string_view path, const FormFields& fields, Done done) {
  net::ClientRequest request;
  std::string what = fmt::format("{} {}", method, path.substr(0, path.find('?')));
  request.method = std::move(method);
  request.url = root_ + std::string(path);
  request.headers.add("Authorization", authorization_);
  request.headers.add("Accept", "application/json");
  if (!fields.empty()) {
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = net::to_form(fields);
  }
  request.total_timeout = kTotalTimeout;
  http_.request(std::move(request), [what = std::move(what), done = std::move(done)](auto answer) mutable {
    done(outcome_of(what, std::move(answer)));
  });
}

void TwilioClient::add_participant(std::string_view conference, const FormFields& fields, Done done) {
  send("POST", fmt::format("Conferences/{}/Participants.json", net::percent_encode(conference)), fields,
       std::move(done));
}

void TwilioClient::find_participant(std::string_view conference, std::string_view label, Done done) {
  send("GET", participants(conference, label), {}, std::move(done));
}

void TwilioClient::update_participant(std::string_view conference, std::string_view label, const FormFields& fields,
                                      Done done) {
  send("POST", participants(conference, label), fields, std::move(done));
}

void TwilioClient::remove_participant(std::string_view conference, std::string_view label, Done done) {
  send("DELETE", participants(conference, label), {}, std::move(done));
}

void TwilioClient::find_conference(std::string_view name, Done done) {
  send("GET", "Conferences.json?PageSize=20&FriendlyName=" + net::percent_encode(name), {},
       [name = std::string(name), done = std::move(done)](RestOutcome outcome) mutable {
         if (outcome.kind == RestOutcome::kGone) {
           outcome = RestOutcome{};  // a stand-in for the provider that knows conferences by name alone
           outcome.body["sid"] = name;
         }
         if (outcome.kind != RestOutcome::kDone || outcome.body.contains("sid")) return done(std::move(outcome));
         const auto* list = outcome.body.if_contains("conferences");
         const auto* all = list ? list->if_array() : nullptr;
         RestOutcome found{RestOutcome::kGone, "no running conference", 0, {}};
         for (const auto& entry : all ? *all : json::array()) {
           const auto* conference = entry.if_object();
           const auto* status = conference ? conference->if_contains("status") : nullptr;
           if (!status || !status->is_string() || status->get_string() == "completed") continue;
           found = {RestOutcome::kDone, {}, 0, *conference};
           break;
         }
         done(std::move(found));
       });
}

void TwilioClient::end_conference(std::string_view conference, Done done) {
  send("POST", fmt::format("Conferences/{}.json", net::percent_encode(conference)), {{"Status", "completed"}},
       std::move(done));
}

void TwilioClient::start_call(const FormFields& fields, Done done) {
  send("POST", "Calls.json", fields, std::move(done));
}

void TwilioClient::find_calls(std::string_view from, std::string_view to, Done done) {
  send("GET", fmt::format("Calls.json?PageSize=20&From={}&To={}", net::percent_encode(from), net::percent_encode(to)),
       {}, std::move(done));
}

void TwilioClient::redirect_call(std::string_view call_sid, std::string_view url, Done done) {
  send("POST", fmt::format("Calls/{}.json", net::percent_encode(call_sid)),
       {{"Url", std::string(url)}, {"Method", "POST"}}, std::move(done));
}

void TwilioClient::end_call(std::string_view call_sid, Done done) {
  send("POST", fmt::format("Calls/{}.json", net::percent_encode(call_sid)), {{"Status", "completed"}}, std::move(done));
}

}  // namespace sb::phone
