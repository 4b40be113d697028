#pragma once
// The provider's requests to the server: form posts signed over the public URL, and fetches of audio. The URL that is
// signed and the address that is connected to differ, as behind a proxy. One thread.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bench/customers/form.h"
#include "bench/customers/http_client.h"

namespace sb::customers {

class Webhooks {
 public:
  using OnReply = HttpClient::OnReply;

  Webhooks(HttpClient& http, std::string public_url, std::string auth_token)
      : http_(http), public_url_(std::move(public_url)), auth_token_(std::move(auth_token)) {}

  // A reference in a document fetched from `base`, as an absolute URL; empty when it is none.
  [[nodiscard]] static std::string resolve(std::string_view base, std::string_view reference);

  // An absolute URL of the server, as configured at the provider.
  [[nodiscard]] std::string url(std::string_view path) const { return public_url_ + std::string(path); }

  // False when the URL is not the server's own: nothing is sent.
  [[nodiscard]] bool post(const std::string& url, const Form& form, OnReply on_reply);
  [[nodiscard]] bool get(const std::string& url, OnReply on_reply);

 private:
  [[nodiscard]] std::optional<std::string> target_of(const std::string& url) const;

  HttpClient& http_;
  std::string public_url_;
  std::string auth_token_;
};

}  // namespace sb::customers
