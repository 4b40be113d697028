#pragma once
#include <expected>
#include <memory>
#include <string>

#include "net/error.h"

using SSL_CTX = struct ssl_ctx_st;

namespace sb::net {

// A server's TLS settings: TLS 1.2 and later, ALPN http/1.1, buffers released while idle.
[[nodiscard]] std::expected<std::shared_ptr<SSL_CTX>, Error> load_server_tls(const std::string& certificate_file,
                                                                             const std::string& key_file);

}  // namespace sb::net
