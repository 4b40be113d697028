#pragma once
// What went wrong in the customer records. `message` is for a log or an operator: it names files, positions and
// SQLite's own words, never a customer's data.
#include <cstdint>
#include <string>

namespace sb::crm {

struct Error {
  enum Code : std::uint8_t {
    io,           // a file could not be read or written
    sql,          // SQLite refused
    damaged,      // a key file or a database does not hold what it must
    newer,        // the database was written by a newer program
    out_of_order  // a record does not follow the last one applied
  };
  Code code = io;
  std::string message;
};

}  // namespace sb::crm
