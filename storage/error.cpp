#include "storage/error.h"

namespace sb::storage {

const char* name_of(Error::Code code) {
  switch (code) {
    case Error::locked:
      return "locked";
    case Error::lost_tail:
      return "lost_tail";
    case Error::damaged:
      return "damaged";
    case Error::out_of_order:
      return "out_of_order";
    case Error::too_large:
      return "too_large";
    case Error::not_found:
      return "not_found";
    case Error::not_empty:
      return "not_empty";
    case Error::io:
      return "io";
    case Error::unsupported:
      return "unsupported";
    case Error::invalid:
      return "invalid";
    case Error::sql:
      return "sql";
  }
  return "unknown";
}

}  // namespace sb::storage
