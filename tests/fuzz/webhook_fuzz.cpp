// What a telephony provider's webhook carries: the form never hurts and is written back as it was read, its signature
// holds and only its signature, and what it says becomes a document that is well-formed, whatever the texts hold.
#include <algorithm>
#include <cstdlib>

#include "channels/phone/twilio_signature.h"
#include "channels/phone/twiml.h"
#include "net/form.h"
#include "net/ws_frame.h"

namespace {

constexpr std::string_view kUrl = "https://center.example/twilio/voice/";

void require(bool holds) {
  if (!holds) std::abort();
}

void check_form(std::string_view text, const sb::net::Form& form) {
  require(form.size() <= sb::net::kFormFieldsMax);
  const auto again = sb::net::parse_form(sb::net::to_form({form.begin(), form.end()}));
  require(again && std::ranges::equal(form, *again));
  for (const auto& [name, value] : form) require(form.find(name).has_value() && value.find('\0') == value.npos);
  if (const auto plain = sb::net::percent_decode(text)) {
    require(sb::net::percent_decode(sb::net::percent_encode(*plain)) == plain);
  }
  require(sb::net::parse_cookies(text).size() <= sb::net::kFormFieldsMax);
}

void check_signature(std::string_view text, const sb::net::Form& form) {
  const std::string url = std::string(kUrl) + std::string(text);
  const std::string tokens[] = {"token", "token before"};
  for (const std::string& token : tokens) {
    require(sb::phone::check_signature(tokens, url, form, sb::phone::sign(token, url, form)) ==
            sb::phone::SignatureCheck::kGood);
  }
  require(sb::phone::check_signature(tokens, url, form, sb::phone::sign("stranger", url, form)) ==
          sb::phone::SignatureCheck::kMismatch);
  require(sb::phone::check_signature(tokens, url, form, text) != sb::phone::SignatureCheck::kGood);
  require(sb::phone::check_body_signature(tokens, url, text, text) != sb::phone::SignatureCheck::kGood);
}

void check_document(const sb::net::Form& form) {
  sb::phone::Twiml twiml;
  for (const auto& [name, value] : form) {
    twiml.say(value, name).play(value).redirect(value).enqueue(value, name, value);
    twiml.gather(value, 5).say(name, value);
    twiml.dial(name).noun("Conference", value, {{"waitUrl", name}});
  }
  const std::string document = twiml.text();
  pugi::xml_document read;
  require(read.load_buffer(document.data(), document.size()));
  require(sb::net::is_utf8(document));
  require(std::ranges::distance(read.child("Response").children()) == static_cast<std::ptrdiff_t>(6 * form.size()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto form = sb::net::parse_form(text);
  check_form(text, form ? *form : sb::net::Form{});
  if (!form) return 0;
  check_signature(text, *form);
  check_document(*form);
  return 0;
}
