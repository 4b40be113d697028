#pragma once
// The customer records (records.db): a SQLite database that follows the journal. Everything in it comes from records
// and their contents, so it can be deleted and rebuilt at any time.
//
// Owner: one projection thread makes all calls. Readers use Directory (their own connections); they see a record when
// its batch is committed. Durability: commits are not synced one by one (WAL, synchronous=NORMAL); after a power loss
// the database is at an older position() and continues from there.
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "crm/error.h"
#include "proto/record.h"

namespace sb::crm {

// The bytes of content row (seq, index), index 1-based; nothing when they were erased.
using ContentReader = std::function<std::optional<std::string>(Seq seq, std::uint32_t index)>;

class Projection {
 public:
  // Opens or creates the database. A database of an older layout is emptied (position 0): replay the journal.
  // Error: sql, io, newer.
  [[nodiscard]] static std::expected<Projection, Error> open(const std::filesystem::path& path);
  Projection(Projection&&) noexcept;
  Projection& operator=(Projection&&) noexcept;
  ~Projection();  // an open batch is rolled back

  // The last record applied; stored in the same transaction as its effects. Inside a batch: including the batch.
  [[nodiscard]] Seq position() const;

  // Applies a record, in the open batch or in a transaction of its own. A record at or before position() is ignored;
  // gaps are allowed (a pruned journal). After an error of the open batch nothing of the batch is kept.
  [[nodiscard]] std::expected<void, Error> apply(const Record& record, const ContentReader& contents);
  // All of them in one transaction.
  [[nodiscard]] std::expected<void, Error> apply(std::span<const Record> records, const ContentReader& contents);

  [[nodiscard]] std::expected<void, Error> begin_batch();
  [[nodiscard]] std::expected<void, Error> commit_batch();

 private:
  struct State;
  explicit Projection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sb::crm
