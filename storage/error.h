#pragma once
#include <cstdint>
#include <string>

namespace sb::storage {

// What went wrong below the engine. `code` is for decisions, `message` for a person: it names files, numbers and the
// system's own words, never stored content.
struct Error {
  enum Code : std::uint8_t {
    locked,     // another process (or another Store in this one) has the directory open
    lost_tail,  // fewer records recovered than were once durable; seq = last one recovered
    damaged,    // a stored value does not match its checksum or is missing; seq = first bad one (0: not in the journal)
    out_of_order,  // records of a batch do not continue from last_seq() + 1; seq = the offending one
    too_large,     // a key or value above the limits in batch.h
    not_found,     // asked for something that was never there or has been erased
    not_empty,     // restore refuses to write over an existing directory
    io,            // the operating system or RocksDB refused to read or write
    unsupported,   // the files were written by an unknown layout
    invalid,       // the call itself makes no sense (a record in write_unsynced, a snapshot of the future)
    sql,           // SQLite refused; message holds its text
  };
  Code code = io;
  std::uint64_t seq = 0;
  std::string message;
};

[[nodiscard]] const char* name_of(Error::Code code);

}  // namespace sb::storage
