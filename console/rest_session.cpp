#include <sodium.h>

#include "console/json_codec.h"
#include "console/rest.h"

// Signing in and out, and who am I.
namespace sb::console {

namespace {

net::Response too_often(std::int64_t wait_ms) {
  return ApiError{.status = 429,
                  .code = "too_many_attempts",
                  .message = "too many attempts to sign in; wait a little and try again",
                  .retry_after_s = static_cast<std::uint32_t>((wait_ms + 999) / 1000)}
      .response();
}

}  // namespace

void Rest::sign_in(const CallPtr& call) {
  // Browsers name the page a request comes from; only the server's own pages can add the header.
  const bool from_page = call->request.headers.find("Origin").has_value();
  if (from_page && call->request.headers.find("X-Switchboard") != "1") {
    return call->refuse({403, "header_missing", "send the header X-Switchboard: 1"});
  }
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  if (auto unknown = only_fields(*body, {"login", "password"})) return call->refuse(*unknown);
  const auto login = text_field(*body, "login", 200);
  if (!login) return call->refuse(login.error());
  const auto password = text_field(*body, "password", 1'000);
  if (!password) return call->refuse(password.error());
  if (!*login) return call->refuse(bad_field("login", "is required"));
  if (!*password) return call->refuse(bad_field("password", "is required"));

  const auto now = static_cast<std::int64_t>(context_.engine.clock().now());
  std::int64_t wait_ms = per_source_.take(call->request.remote_address, now);
  if (wait_ms == 0) wait_ms = per_login_.take(**login, now);
  if (wait_ms != 0) {
    ++sign_ins_refused_;
    return call->answer(too_often(wait_ms));
  }
  const engine::AgentInfo* who = context_.center.agent_by_login(**login);
  const std::string& hash = who && !who->password_hash.empty() ? who->password_hash : no_password_;
  const bool known = &hash != &no_password_;
  std::string secret(**password);
  sodium_memzero(call->request.body.data(), call->request.body.size());
  prepare<bool>(
      passwords_, call,
      [hash, known, secret = std::move(secret)]() mutable -> Result<bool> {
        const bool right = verify_password(hash, secret) && known;
        sodium_memzero(secret.data(), secret.size());
        return right;
      },
      [this, call, who](bool right) {
        if (!right) {
          ++sign_ins_refused_;
          return call->refuse({401, "wrong_credentials", "wrong user name or password"});
        }
        auto response = net::Response::empty(204);
        const std::string token = context_.sign_in.issue(who->id, context_.engine.clock().now());
        response.headers.add("Set-Cookie",
                             context_.sign_in.set_cookie(token, options_.secure_cookies || call->request.tls));
        call->answer(std::move(response));
      });
}

void Rest::sign_out(const CallPtr& call) {
  const TimeMs now = context_.engine.clock().now();
  const auto cookie = call->request.headers.find("Cookie");
  if (const auto session = context_.sign_in.session(cookie.value_or(""), now)) context_.sign_in.revoke(*session, now);
  auto response = net::Response::empty(204);
  response.headers.add("Set-Cookie", SignIn::clear_cookie());
  call->answer(std::move(response));
}

void Rest::me(const CallPtr& call) {
  const engine::AgentInfo& who = *call->who;
  boost::json::object out{{"agent", who.id.value},
                          {"name", who.name},
                          {"login", who.login},
                          {"role", engine::kRoleNames[static_cast<std::size_t>(who.role)]},
                          {"max_attachment_bytes", options_.max_attachment_bytes}};
  if (!who.language.empty()) out["language"] = who.language;
  call->answer(200, boost::json::serialize(out));
}

}  // namespace sb::console
