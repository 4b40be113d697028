#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sb::storage {

inline constexpr std::size_t kKeyBytesMax = 1024;                // a dedupe key
inline constexpr std::size_t kValueBytesMax = 64 * 1024 * 1024;  // a record, an attachment

// The column families, in the order of docs/journal-format.md.
enum class Column : std::uint8_t { journal, timeline, content, dedupe, dedupe_age, outbox, dead, snapshot };
inline constexpr std::size_t kColumnCount = 8;

// Writes collected by one thread and handed to Store::commit or Store::write_unsynced, which apply all of them or none.
// It knows no store and no disk, so it may be filled while the previous batch is being synced. clear() keeps the
// memory for the next use. Later operations on the same key win. Values above the limits are remembered and refused
// by the store as Error::too_large.
class Batch {
 public:
  Batch() = default;
  Batch(Batch&&) noexcept = default;
  Batch& operator=(Batch&&) noexcept = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  // `seq` must be one more than the previous record of this batch, and the first one last_seq() + 1.
  void append_record(std::uint64_t seq, std::string_view payload);
  void put_timeline(std::uint64_t customer, std::uint64_t seq, std::uint16_t index, std::string_view value);
  void put_content(std::uint64_t seq, std::uint16_t index, std::string_view value);
  // `seq` is the record that answered the key; Store::prune_dedupe forgets the row by it.
  void put_dedupe(std::uint16_t source, std::string_view key, std::uint64_t seq, std::string_view value);
  void put_outbox(std::uint64_t seq, std::uint16_t index, std::string_view value);
  void delete_outbox(std::uint64_t seq, std::uint16_t index);
  void put_dead(std::uint64_t seq, std::uint16_t index, std::string_view value);
  void delete_dead(std::uint64_t seq, std::uint16_t index);

  [[nodiscard]] std::size_t size() const { return operations_.size(); }  // operations
  [[nodiscard]] std::size_t bytes() const { return buffer_.size(); }     // keys and values together
  [[nodiscard]] bool empty() const { return operations_.empty(); }
  void clear();

 private:
  friend class Store;
  struct Operation {
    Column column;
    bool remove;
    std::uint32_t key_bytes;
    std::size_t offset;  // of the key in buffer_; the value follows it
    std::size_t value_bytes;
  };
  void add(Column column, bool remove, std::string_view key, std::string_view value);

  std::string buffer_;
  std::vector<Operation> operations_;
  std::size_t records_ = 0;
  bool has_dedupe_ = false;
  bool too_large_ = false;
};

}  // namespace sb::storage
