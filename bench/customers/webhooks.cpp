#include "bench/customers/webhooks.h"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include "bench/customers/signature.h"

namespace sb::customers {
namespace urls = boost::urls;

std::string Webhooks::resolve(std::string_view base, std::string_view reference) {
  const auto from = urls::parse_uri(base);
  const auto to = urls::parse_uri_reference(reference);
  if (!from || !to) return {};
  urls::url out;
  if (!urls::resolve(*from, *to, out)) return {};
  out.remove_fragment();
  return std::string(out.buffer());
}

std::optional<std::string> Webhooks::target_of(const std::string& url) const {
  if (url.rfind(public_url_, 0) != 0) return std::nullopt;
  std::string target = url.substr(public_url_.size());
  if (target.empty() || target.front() == '?') target.insert(0, "/");
  if (target.front() != '/') return std::nullopt;
  return target;
}

bool Webhooks::post(const std::string& url, const Form& form, OnReply on_reply) {
  const auto target = target_of(url);
  if (!target) return false;
  http_.send("POST", *target,
             {{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"},
              {"User-Agent", "TwilioProxy/1.1"},
              {"X-Twilio-Signature", twilio_signature(auth_token_, url, form)}},
             encode_form(form), std::move(on_reply));
  return true;
}

bool Webhooks::get(const std::string& url, OnReply on_reply) {
  const auto target = target_of(url);
  if (!target) return false;
  http_.send("GET", *target, {{"X-Twilio-Signature", twilio_signature(auth_token_, url, {})}}, {}, std::move(on_reply));
  return true;
}

}  // namespace sb::customers
