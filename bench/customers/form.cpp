#include "bench/customers/form.h"

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/encoding_opts.hpp>
#include <boost/url/parse_query.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

namespace sb::customers {
namespace urls = boost::urls;

std::string encode_form(const Form& form) {
  urls::encoding_opts options;
  options.space_as_plus = true;
  std::string out;
  for (const auto& [name, value] : form) {
    if (!out.empty()) out += '&';
    out += urls::encode(name, urls::unreserved_chars, options);
    out += '=';
    out += urls::encode(value, urls::unreserved_chars, options);
  }
  return out;
}

std::optional<Form> decode_form(std::string_view body) {
  if (body.empty()) return Form{};
  const auto parsed = urls::parse_query(body);
  if (!parsed) return std::nullopt;
  urls::encoding_opts options;
  options.space_as_plus = true;
  Form form;
  for (const auto& param : *parsed) form.emplace_back(param.key.decode(options), param.value.decode(options));
  return form;
}

std::string field(const Form& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [&](const auto& f) { return f.first == name; });
  return found == form.end() ? std::string{} : found->second;
}

bool has_field(const Form& form, std::string_view name) {
  return std::any_of(form.begin(), form.end(), [&](const auto& f) { return f.first == name; });
}

}  // namespace sb::customers
