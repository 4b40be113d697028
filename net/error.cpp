#include "net/error.h"

namespace sb::net {

std::string_view to_string(Error error) {
  switch (error) {
    case Error::bad_request:
      return "bad_request";
    case Error::resolve:
      return "resolve";
    case Error::connect:
      return "connect";
    case Error::tls:
      return "tls";
    case Error::timeout:
      return "timeout";
    case Error::too_large:
      return "too_large";
    case Error::protocol:
      return "protocol";
    case Error::busy:
      return "busy";
    case Error::cancelled:
      return "cancelled";
    case Error::bind:
      return "bind";
    case Error::certificate:
      return "certificate";
  }
  return "unknown";
}

}  // namespace sb::net
