#include <gtest/gtest.h>
#include <rocksdb/db.h>

#include <atomic>
#include <thread>

#include "storage/keys.h"
#include "tests/storage/power_loss_file_system.h"
#include "tests/storage/still_image.h"
#include "tests/storage/store_fixture.h"

namespace sb::storage {
namespace {

class RecoveryTest : public StoreTest {
 protected:
  // The column families as a stranger sees them: plain RocksDB on the same files.
  void edit_column(std::string_view column,
                   const std::function<void(rocksdb::DB&, rocksdb::ColumnFamilyHandle*)>& edit) {
    const std::string path = (root_ / "data" / "rocks").string();
    std::vector<std::string> names;
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> columns;
    for (const auto& name : names) columns.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, path, columns, &handles, &raw).ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == column) edit(*db, handles[i]);
      db->DestroyColumnFamilyHandle(handles[i]);
    }
  }

  std::filesystem::path newest(const std::string& extension) const {
    std::filesystem::path found;
    for (const auto& entry : std::filesystem::directory_iterator(root_ / "data" / "rocks")) {
      const auto& path = entry.path();
      if (path.extension() == extension && path.filename().string() > found.filename().string()) found = path;
    }
    return found;
  }

  static void flip_byte(const std::filesystem::path& path, std::size_t at) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(at));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(at));
    file.put(static_cast<char>(byte ^ 0x40));
    ASSERT_TRUE(file.good());
  }

  // A store of `count` records as a kill would leave it: the files of a running one, its log not yet in tables.
  void leave_in_log(std::uint64_t count) {
    auto running = open("running");
    append(*running, count, 5);
    copy_still_image(root_ / "running", root_ / "data");
  }
};

TEST_F(RecoveryTest, ChangedValueIsFoundAndNamed) {
  append(*open(), 200, 10);
  edit_column("journal", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* journal) {
    std::string value;
    ASSERT_TRUE(db.Get({}, journal, seq_key(120), &value).ok());
    value[15] = static_cast<char>(value[15] ^ 1);
    ASSERT_TRUE(db.Put({}, journal, seq_key(120), value).ok());
  });
  auto refused = Store::open(options());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::damaged);
  EXPECT_EQ(refused.error().seq, 120u);

  // Beyond the reach of the check at open, a walk still stops there.
  auto with = options();
  with.verify_tail_records = 10;
  auto store = open_with(with);
  ASSERT_TRUE(store);
  std::uint64_t last_seen = 0;
  auto walked = store->for_each_record(1, 200, [&](std::uint64_t seq, std::string_view) {
    last_seen = seq;
    return true;
  });
  ASSERT_FALSE(walked.has_value());
  EXPECT_EQ(walked.error().code, Error::damaged);
  EXPECT_EQ(walked.error().seq, 120u);
  EXPECT_EQ(last_seen, 119u);
  EXPECT_EQ(store->verify_all().error().seq, 120u);
  EXPECT_EQ(store->read_record(120).error().code, Error::damaged);
  EXPECT_EQ(store->read_record(119).value(), payload(119));
}

TEST_F(RecoveryTest, MissingRecordIsFoundAndNamed) {
  append(*open(), 100, 10);
  edit_column("journal", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* journal) {
    ASSERT_TRUE(db.Delete({}, journal, seq_key(60)).ok());
  });
  auto refused = Store::open(options());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::damaged);
  EXPECT_EQ(refused.error().seq, 60u);
}

TEST_F(RecoveryTest, SwappedRecordsAreFound) {
  append(*open(), 100, 10);
  edit_column("journal", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* journal) {
    std::string a;
    std::string b;
    ASSERT_TRUE(db.Get({}, journal, seq_key(40), &a).ok());
    ASSERT_TRUE(db.Get({}, journal, seq_key(41), &b).ok());
    ASSERT_TRUE(db.Put({}, journal, seq_key(40), b).ok());
    ASSERT_TRUE(db.Put({}, journal, seq_key(41), a).ok());
  });
  EXPECT_EQ(Store::open(options()).error().seq, 40u);
}

TEST_F(RecoveryTest, RemovedTailIsALostTail) {
  append(*open(), 100, 10);
  edit_column("journal", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* journal) {
    for (std::uint64_t seq = 91; seq <= 100; ++seq) ASSERT_TRUE(db.Delete({}, journal, seq_key(seq)).ok());
  });
  auto refused = Store::open(options());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::lost_tail);
  EXPECT_EQ(refused.error().seq, 90u);
  EXPECT_NE(refused.error().message.find("90"), std::string::npos);
  EXPECT_NE(refused.error().message.find("100"), std::string::npos);
}

TEST_F(RecoveryTest, CutLogIsALostTailAndRefusingChangesNothing) {
  leave_in_log(500);
  const auto log = newest(".log");
  // Records are at most a few hundred bytes here: a third of what was written is surely not all of them.
  std::filesystem::resize_file(log, 10'000);
  const std::string before = read_file(log);
  for (int attempt = 0; attempt < 2; ++attempt) {
    auto refused = Store::open(options());
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Error::lost_tail);
    EXPECT_NE(refused.error().message.find("record 500 was"), std::string::npos) << refused.error().message;
    EXPECT_EQ(read_file(log), before);
  }
  // The documented way to accept the loss.
  std::filesystem::remove(root_ / "data" / "last_seq");
  auto store = open();
  ASSERT_TRUE(store);
  EXPECT_GT(store->last_seq(), 0u);
  EXPECT_LT(store->last_seq(), 500u);
  expect_records(*store, store->last_seq());
}

TEST_F(RecoveryTest, AnyFlippedByteInTheLogIsNoticed) {
  leave_in_log(200);
  const auto log = newest(".log");
  const auto spare = root_ / "spare";
  std::filesystem::copy(root_ / "data", spare, std::filesystem::copy_options::recursive);
  const std::string bytes = read_file(log);
  const std::size_t used = bytes.find_last_not_of('\0') + 1;
  ASSERT_GT(used, 10'000u);
  for (std::size_t at = 3; at < used; at += used / 23) {
    std::filesystem::remove_all(root_ / "data");
    std::filesystem::copy(spare, root_ / "data", std::filesystem::copy_options::recursive);
    flip_byte(log, at);
    auto store = Store::open(options());
    ASSERT_FALSE(store.has_value()) << "byte " << at << " of " << used << ", opened with " << (*store)->last_seq();
    EXPECT_TRUE(store.error().code == Error::lost_tail || store.error().code == Error::damaged)
        << store.error().message;
  }
}

TEST_F(RecoveryTest, AnyFlippedByteInATableIsNoticedOrHarmless) {
  append(*open(), 300, 10);
  {
    auto flushed = open();
  }  // recovery writes the table
  const auto spare = root_ / "spare";
  std::filesystem::copy(root_ / "data", spare, std::filesystem::copy_options::recursive);
  std::filesystem::path table;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / "data" / "rocks")) {
    const bool larger = table.empty() || entry.file_size() > std::filesystem::file_size(table);
    if (entry.path().extension() == ".sst" && larger) table = entry.path();
  }
  ASSERT_FALSE(table.empty());
  const std::size_t size = std::filesystem::file_size(table);
  int noticed = 0;
  for (std::size_t at = 1; at < size; at += size / 23) {
    std::filesystem::remove_all(root_ / "data");
    std::filesystem::copy(spare, root_ / "data", std::filesystem::copy_options::recursive);
    flip_byte(table, at);
    auto store = Store::open(options());
    if (store) {
      expect_records(**store, 300);  // a byte of table metadata nothing depends on
    } else {
      ++noticed;
      EXPECT_EQ(store.error().code, Error::damaged) << store.error().message;
    }
  }
  EXPECT_GT(noticed, 5);
}

TEST_F(RecoveryTest, DamagedSideFileIsReported) {
  append(*open(), 5, 10);
  flip_byte(root_ / "data" / "last_seq", 7);
  auto refused = Store::open(options());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::damaged);
  EXPECT_NE(refused.error().message.find("last_seq"), std::string::npos);
}

TEST_F(RecoveryTest, VanishedDatabaseIsALostTail) {
  append(*open(), 5, 10);
  std::filesystem::remove_all(root_ / "data" / "rocks");
  EXPECT_EQ(Store::open(options()).error().code, Error::lost_tail);
}

TEST_F(RecoveryTest, DamagedSnapshotNamesItselfAndTheOlderOneIsLeft) {
  {
    auto store = open();
    append(*store, 10);
    ASSERT_TRUE(store->put_snapshot(4, std::string(400'000, 'a')).has_value());
    ASSERT_TRUE(store->put_snapshot(8, std::string(400'000, 'b')).has_value());
  }
  edit_column("snapshot", [](rocksdb::DB& db, rocksdb::ColumnFamilyHandle* snapshots) {
    std::string key = seq_key(8);
    append_be(key, std::uint32_t{0});
    ASSERT_TRUE(db.Delete({}, snapshots, key).ok());
  });
  auto store = open();
  auto newest_one = store->latest_snapshot(10);
  ASSERT_FALSE(newest_one.has_value());
  EXPECT_EQ(newest_one.error().code, Error::damaged);
  EXPECT_EQ(newest_one.error().seq, 8u);
  EXPECT_EQ(store->latest_snapshot(7).value()->value, std::string(400'000, 'a'));
}

TEST_F(RecoveryTest, FailedSyncPoisonsForGood) {
  std::atomic<int> syncs_left{1000};
  auto with = options();
  with.before_sync = [&] { return --syncs_left < 0 ? std::make_error_code(std::errc::io_error) : std::error_code(); };
  auto store = open_with(with);
  append(*store, 10);
  syncs_left = 0;
  Batch batch;
  batch.append_record(11, "x");
  auto failed = store->commit(batch);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Error::io);
  EXPECT_EQ(store->last_seq(), 10u);
  syncs_left = 1000;  // the disk is well again; the store must not believe it
  const int untouched = syncs_left;
  auto again = store->commit(batch);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().message, failed.error().message);
  Batch row;
  row.delete_outbox(1, 0);
  EXPECT_EQ(store->write_unsynced(row).error().message, failed.error().message);
  EXPECT_FALSE(store->put_snapshot(3, "s").has_value());
  EXPECT_FALSE(store->erase_content(1, 0).has_value());
  EXPECT_FALSE(store->backup(root_ / "backup").has_value());
  EXPECT_EQ(syncs_left, untouched);
  EXPECT_EQ(store->read_record(10).value(), payload(10));  // reads go on
  store.reset();
  auto reopened = open();
  ASSERT_TRUE(reopened);
  EXPECT_GE(reopened->last_seq(), 10u);
}

TEST_F(RecoveryTest, PowerLossKeepsExactlyWhatWasSynced) {
  auto disk = std::make_shared<PowerLossFileSystem>(rocksdb::FileSystem::Default());
  auto with = options();
  with.file_system = disk;
  auto store = open_with(with);
  append(*store, 100, 3);
  Batch acknowledgement;
  acknowledgement.put_outbox(5, 0, "not synced");
  ASSERT_TRUE(store->write_unsynced(acknowledgement).has_value());
  disk->lose_power();
  Batch more;
  more.append_record(101, "never acknowledged");
  EXPECT_FALSE(store->commit(more).has_value());
  store.reset();
  store = open();
  ASSERT_TRUE(store);
  expect_records(*store, 100);
  EXPECT_EQ(store->for_each_outbox([](std::uint64_t, std::uint16_t, std::string_view) { return true; }).value(), 0u);
}

TEST_F(RecoveryTest, BackupWhileWritingRestoresAPrefix) {
  auto store = open();
  append(*store, 100, 10);
  Batch row;
  row.put_content(3, 0, "kept");
  ASSERT_TRUE(store->commit(row).has_value());
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) append(*store, 20, 4);
  });
  std::vector<std::uint64_t> promised;
  for (int i = 0; i < 3; ++i) {
    auto made = store->backup(root_ / "backup", 2);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    if (made) promised.push_back(made->seq);
  }
  stop = true;
  writer.join();
  ASSERT_EQ(promised.size(), 3u);
  const std::uint64_t live = store->last_seq();

  auto restored = Store::restore(root_ / "backup", root_ / "restored");
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  EXPECT_GE(*restored, promised.back());
  EXPECT_LE(*restored, live);
  auto copy = open("restored");
  ASSERT_TRUE(copy);
  expect_records(*copy, *restored);
  EXPECT_EQ(copy->content(3, 0).value(), "kept");
  append(*copy, 10);
  expect_records(*copy, *restored + 10);

  auto again = Store::restore(root_ / "backup", root_ / "restored");
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().code, Error::not_empty);
  EXPECT_EQ(Store::restore(root_ / "nowhere", root_ / "other").error().code, Error::not_found);
  EXPECT_FALSE(std::filesystem::exists(root_ / "other"));
}

TEST_F(RecoveryTest, DamagedBackupIsNotRestored) {
  {
    auto store = open();
    append(*store, 300, 10);
    ASSERT_TRUE(store->backup(root_ / "backup").has_value());
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / "backup")) {
    if (entry.path().extension() == ".sst") flip_byte(entry.path(), entry.file_size() / 3);
  }
  auto restored = Store::restore(root_ / "backup", root_ / "restored");
  ASSERT_FALSE(restored.has_value());
  EXPECT_EQ(restored.error().code, Error::damaged) << restored.error().message;
  EXPECT_FALSE(std::filesystem::exists(root_ / "restored"));
}

}  // namespace
}  // namespace sb::storage
