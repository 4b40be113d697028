#include "channels/phone/twiml.h"

#include <iterator>
#include <sstream>

#include <boost/locale/utf.hpp>

namespace sb::phone {
namespace {

namespace utf = boost::locale::utf;

constexpr std::size_t kSayBytesMax = 4096;  // the provider's limit on one <Say>

bool fits_xml(utf::code_point c) {
  return (c >= 0x20 || c == '\n' || c == '\t') && c != 0xfffe && c != 0xffff;
}

// XML 1.0 has no way to write most control characters, and none for bytes that are no UTF-8: spaces in their place.
std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    const char* next = at;
    const utf::code_point c = utf::utf_traits<char>::decode(next, end);
    if (c == utf::illegal || c == utf::incomplete) {
      out.push_back(' ');
      ++at;  // what follows may be good again
      continue;
    }
    utf::utf_traits<char>::encode(fits_xml(c) ? c : ' ', std::back_inserter(out));
    at = next;
  }
  return out;
}

std::string shortened(std::string_view text) {
  if (text.size() <= kSayBytesMax) return printable(text);
  std::size_t end = kSayBytesMax;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  return printable(text.substr(0, end));
}

pugi::xml_node append(pugi::xml_node parent, std::string_view name, std::string_view text,
                      Twiml::Attributes attributes) {
  pugi::xml_node node = parent.append_child(std::string(name).c_str());
  for (const auto& [key, value] : attributes) {
    node.append_attribute(std::string(key).c_str()).set_value(printable(value).c_str());
  }
  if (!text.empty()) node.text().set(printable(text).c_str());
  return node;
}

void append_say(pugi::xml_node parent, std::string_view text, std::string_view language) {
  append(parent, "Say", shortened(text), {{"language", language}});
}

void append_pause(pugi::xml_node parent, unsigned seconds) {
  append(parent, "Pause", {}, {{"length", std::to_string(seconds)}});
}

}  // namespace

Twiml::Verb& Twiml::Verb::say(std::string_view text, std::string_view language) {
  append_say(node_, text, language);
  return *this;
}

Twiml::Verb& Twiml::Verb::play(std::string_view url) {
  append(node_, "Play", url, {});
  return *this;
}

Twiml::Verb& Twiml::Verb::pause(unsigned seconds) {
  append_pause(node_, seconds);
  return *this;
}

Twiml::Verb& Twiml::Verb::noun(std::string_view name, std::string_view text, Attributes attributes) {
  append(node_, name, text, attributes);
  return *this;
}

Twiml::Twiml() : response_(document_.append_child("Response")) {}

Twiml& Twiml::say(std::string_view text, std::string_view language) {
  append_say(response_, text, language);
  return *this;
}

Twiml& Twiml::play(std::string_view url) {
  append(response_, "Play", url, {});
  return *this;
}

Twiml& Twiml::pause(unsigned seconds) {
  append_pause(response_, seconds);
  return *this;
}

Twiml& Twiml::redirect(std::string_view url) {
  append(response_, "Redirect", url, {{"method", "POST"}});
  return *this;
}

Twiml& Twiml::enqueue(std::string_view queue, std::string_view wait_url, std::string_view action) {
  append(response_, "Enqueue", queue,
         {{"action", action}, {"method", "POST"}, {"waitUrl", wait_url}, {"waitUrlMethod", "POST"}});
  return *this;
}

Twiml& Twiml::leave() {
  append(response_, "Leave", {}, {});
  return *this;
}

Twiml& Twiml::hang_up() {
  append(response_, "Hangup", {}, {});
  return *this;
}

Twiml::Verb Twiml::gather(std::string_view action, unsigned timeout_s) {
  return Verb(append(response_, "Gather", {},
                     {{"input", "dtmf"},
                      {"numDigits", "1"},
                      {"timeout", std::to_string(timeout_s)},
                      {"action", action},
                      {"method", "POST"}}));
}

Twiml::Verb Twiml::dial(std::string_view action) {
  return Verb(append(response_, "Dial", {}, {{"action", action}, {"method", "POST"}}));
}

std::string Twiml::text() const {
  std::ostringstream out;
  document_.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(out).str();
}

}  // namespace sb::phone
