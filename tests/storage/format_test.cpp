#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <sstream>

#include "storage/chain.h"
#include "tests/storage/store_fixture.h"

namespace sb::storage {
namespace {

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char byte : bytes) {
    out.push_back(kDigits[static_cast<unsigned char>(byte) >> 4]);
    out.push_back(kDigits[static_cast<unsigned char>(byte) & 15]);
  }
  return out;
}

// The bytes on disk are a promise: docs/journal-format.md prints them, and both must change together.
TEST_F(StoreTest, StoredBytesAreAsDocumented) {
  {
    auto store = open();
    Batch batch;
    batch.append_record(1, "hello");
    batch.append_record(2, "world");
    batch.put_timeline(0x2a, 2, 0, "t");
    batch.put_content(2, 1, "words");
    batch.put_dedupe(7, "msg-1", 2, "ok");
    batch.put_outbox(2, 0, "send");
    batch.put_dead(1, 3, "gone");
    ASSERT_TRUE(store->commit(batch).has_value());
    ASSERT_TRUE(store->put_snapshot(2, "state").has_value());
  }
  std::ostringstream dump;
  const std::string path = (root_ / "data" / "rocks").string();
  std::vector<std::string> names;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
  std::vector<rocksdb::ColumnFamilyDescriptor> columns;
  for (const auto& name : names) columns.emplace_back(name, rocksdb::ColumnFamilyOptions());
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(rocksdb::DB::OpenForReadOnly({}, path, columns, &handles, &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::unique_ptr<rocksdb::Iterator> at(db->NewIterator({}, handles[i]));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      dump << names[i] << ' ' << hex(at->key().ToStringView()) << ' ' << hex(at->value().ToStringView()) << '\n';
    }
    at.reset();
    db->DestroyColumnFamilyHandle(handles[i]);
  }
  dump << "last_seq " << hex(read_file(root_ / "data" / "last_seq")) << '\n';

  const std::string page = read_file(std::filesystem::path(SB_SOURCE_DIR) / "docs" / "journal-format.md");
  const auto start = page.find("<!-- example -->\n```\n");
  ASSERT_NE(start, std::string::npos);
  const auto body = start + std::string_view("<!-- example -->\n```\n").size();
  EXPECT_EQ(dump.str(), page.substr(body, page.find("```", body) - body));
}

TEST(Chain, DependsOnThePredecessorTheSeqAndEveryByte) {
  const auto base = chain_next(1, 2, "payload");
  EXPECT_NE(base, chain_next(2, 2, "payload"));
  EXPECT_NE(base, chain_next(1, 3, "payload"));
  EXPECT_NE(base, chain_next(1, 2, "paYload"));
  EXPECT_NE(base, chain_next(1, 2, "payload "));
  EXPECT_EQ(base, chain_next(1, 2, "payload"));
}

TEST(Chain, FrameThatDoesNotFitIsDamaged) {
  const std::string payload = "payload";
  const std::string stored = frame_header(chain_next(kChainStart, 1, payload), payload) + payload;
  EXPECT_EQ(check_frame(kChainStart, 1, stored)->payload, payload);
  for (std::size_t length = 0; length < stored.size(); ++length) {
    EXPECT_EQ(check_frame(kChainStart, 1, std::string_view(stored).substr(0, length)).error().code, Error::damaged);
  }
  EXPECT_FALSE(check_frame(kChainStart, 1, stored + "x").has_value());
  for (std::size_t at = 0; at < stored.size(); ++at) {
    std::string bent = stored;
    bent[at] = static_cast<char>(bent[at] ^ 1);
    EXPECT_FALSE(check_frame(kChainStart, 1, bent).has_value()) << at;
  }
}

}  // namespace
}  // namespace sb::storage
