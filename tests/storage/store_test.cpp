#include "storage/store.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/storage/store_fixture.h"

namespace sb::storage {
namespace {

TEST_F(StoreTest, NewStoreIsEmpty) {
  auto store = open();
  EXPECT_EQ(store->last_seq(), 0u);
  EXPECT_EQ(store->verify_all().value(), 0u);
  EXPECT_EQ(store->read_record(1).error().code, Error::not_found);
  EXPECT_EQ(store->read_record(0).error().code, Error::not_found);
  EXPECT_FALSE(store->find_dedupe(1, "k").value().has_value());
  EXPECT_FALSE(store->latest_snapshot(100).value().has_value());
}

TEST_F(StoreTest, MissingDirectoryIsAnErrorWhenNotToBeCreated) {
  auto with = options();
  with.create_if_missing = false;
  auto store = Store::open(with);
  ASSERT_FALSE(store.has_value());
  EXPECT_EQ(store.error().code, Error::io);
}

TEST_F(StoreTest, RecordsRoundTripAndSurviveReopening) {
  {
    auto store = open();
    append(*store, 300, 7);
    expect_records(*store, 300);
  }
  auto store = open();
  expect_records(*store, 300);
  append(*store, 50);
  expect_records(*store, 350);
  EXPECT_EQ(store->read_record(1).value(), payload(1));
  EXPECT_EQ(store->read_record(350).value(), payload(350));
  EXPECT_EQ(store->verify_all().value(), 350u);
}

TEST_F(StoreTest, WalkHonoursItsBoundsAndTheVisitor) {
  auto store = open();
  append(*store, 20);
  std::vector<std::uint64_t> seen;
  const auto note = [&](std::uint64_t seq, std::string_view) {
    seen.push_back(seq);
    return seq != 8;
  };
  EXPECT_EQ(store->for_each_record(5, 20, note).value(), 4u);
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{5, 6, 7, 8}));
  EXPECT_EQ(store->for_each_record(21, 30, note).value(), 0u);
  EXPECT_EQ(store->for_each_record(19, 1000, note).value(), 2u);
  EXPECT_EQ(store->for_each_record(0, 1, note).value(), 1u);
}

TEST_F(StoreTest, EmptyAndLargePayloadsAreRecords) {
  auto store = open();
  const std::string large(3u << 20, 'x');
  Batch batch;
  batch.append_record(1, "");
  batch.append_record(2, large);
  ASSERT_TRUE(store->commit(batch).has_value());
  EXPECT_EQ(store->read_record(1).value(), "");
  EXPECT_EQ(store->read_record(2).value(), large);
}

TEST_F(StoreTest, RecordsMustContinueAndAViolationPoisons) {
  auto store = open();
  append(*store, 3);
  Batch gap;
  gap.append_record(5, "x");
  auto refused = store->commit(gap);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Error::out_of_order);
  EXPECT_EQ(refused.error().seq, 5u);
  Batch right;
  right.append_record(4, "x");
  auto later = store->commit(right);
  ASSERT_FALSE(later.has_value());
  EXPECT_EQ(later.error().code, Error::out_of_order);
  EXPECT_EQ(later.error().message, refused.error().message);
  expect_records(*store, 3);
}

TEST_F(StoreTest, RepeatedSeqIsRefused) {
  auto store = open();
  append(*store, 3);
  Batch again;
  again.append_record(3, "x");
  EXPECT_EQ(store->commit(again).error().code, Error::out_of_order);
}

TEST_F(StoreTest, OversizedKeysAreRefused) {
  auto store = open();
  Batch batch;
  batch.append_record(1, "x");
  batch.put_dedupe(1, std::string(kKeyBytesMax + 1, 'k'), 1, "v");
  EXPECT_EQ(store->write_unsynced(batch).error().code, Error::too_large);
  EXPECT_EQ(store->commit(batch).error().code, Error::too_large);
  EXPECT_EQ(store->last_seq(), 0u);
}

TEST_F(StoreTest, SecondStoreOnTheDirectoryIsLocked) {
  auto store = open();
  auto second = Store::open(options());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, Error::locked);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos);
  store.reset();
  EXPECT_TRUE(Store::open(options()).has_value());
}

TEST_F(StoreTest, TimelineReadsBothWays) {
  auto store = open();
  Batch batch;
  batch.append_record(1, "a");
  batch.append_record(2, "b");
  batch.append_record(3, "c");
  const std::uint64_t last_customer = std::numeric_limits<std::uint64_t>::max();
  for (const std::uint64_t customer : {std::uint64_t{7}, std::uint64_t{8}, last_customer}) {
    batch.put_timeline(customer, 1, 0, "one");
    batch.put_timeline(customer, 2, 0, "two");
    batch.put_timeline(customer, 2, 1, "two b");
    batch.put_timeline(customer, 3, 0, "three");
  }
  ASSERT_TRUE(store->commit(batch).has_value());
  for (const std::uint64_t customer : {std::uint64_t{7}, std::uint64_t{8}, last_customer}) {
    auto newest = store->timeline(customer, 100, 3).value();
    ASSERT_EQ(newest.size(), 3u);
    EXPECT_EQ(newest[0].value, "three");
    EXPECT_EQ(newest[1].value, "two b");
    EXPECT_EQ(newest[1].index, 1u);
    EXPECT_EQ(newest[2].value, "two");
    auto older = store->timeline(customer, 2, 10).value();
    ASSERT_EQ(older.size(), 1u);
    EXPECT_EQ(older[0].value, "one");
    auto forward = store->timeline_from(customer, 2, 2).value();
    ASSERT_EQ(forward.size(), 2u);
    EXPECT_EQ(forward[0].value, "two");
    EXPECT_EQ(forward[1].seq, 2u);
    EXPECT_EQ(store->timeline_from(customer, 0, 100).value().size(), 4u);
  }
  EXPECT_TRUE(store->timeline(9, 100, 10).value().empty());
  EXPECT_TRUE(store->timeline(7, 100, 0).value().empty());
}

TEST_F(StoreTest, ContentIsErasedWhileTheRecordStays) {
  auto store = open();
  Batch batch;
  batch.append_record(1, "fact");
  batch.put_content(1, 0, "words of a person");
  batch.put_content(1, 1, std::string("\0attachment", 11));
  ASSERT_TRUE(store->commit(batch).has_value());
  EXPECT_EQ(store->content(1, 1).value(), std::string("\0attachment", 11));
  ASSERT_TRUE(store->erase_content(1, 0).has_value());
  ASSERT_TRUE(store->erase_content(9, 9).has_value());
  EXPECT_EQ(store->content(1, 0).error().code, Error::not_found);
  store.reset();
  store = open();
  EXPECT_EQ(store->content(1, 0).error().code, Error::not_found);
  EXPECT_TRUE(store->content(1, 1).has_value());
  EXPECT_EQ(store->read_record(1).value(), "fact");
}

TEST_F(StoreTest, ScrubRemovesErasedBytesFromTheTables) {
  const std::string secret = "a sentence that must not be found on the disk again";
  auto count_files_with_secret = [&] {
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(root_ / "data" / "rocks")) {
      if (entry.path().extension() == ".sst" && read_file(entry.path()).find(secret) != std::string::npos) ++found;
    }
    return found;
  };
  auto store = open();
  Batch batch;
  batch.put_content(1, 0, secret);
  ASSERT_TRUE(store->commit(batch).has_value());
  store.reset();
  store = open();  // recovery has moved the log into tables
  ASSERT_EQ(count_files_with_secret(), 1);
  ASSERT_TRUE(store->erase_content(1, 0).has_value());
  ASSERT_TRUE(store->scrub_erased().has_value());
  EXPECT_EQ(count_files_with_secret(), 0);
}

TEST_F(StoreTest, OutboxAndDeadLetters) {
  auto store = open();
  Batch batch;
  batch.append_record(1, "a");
  batch.put_outbox(1, 0, "send");
  batch.put_outbox(1, 1, "send too");
  batch.put_outbox(2, 0, "later");
  ASSERT_TRUE(store->commit(batch).has_value());
  batch.clear();
  batch.delete_outbox(1, 0);
  batch.delete_outbox(1, 1);
  batch.put_dead(1, 1, "gave up");
  ASSERT_TRUE(store->write_unsynced(batch).has_value());
  std::vector<std::string> rows;
  auto visited = store->for_each_outbox([&](std::uint64_t seq, std::uint16_t index, std::string_view value) {
    rows.push_back(std::to_string(seq) + "/" + std::to_string(index) + " " + std::string(value));
    return true;
  });
  EXPECT_EQ(visited.value(), 1u);
  EXPECT_EQ(rows, (std::vector<std::string>{"2/0 later"}));
  EXPECT_EQ(store->dead_letter(1, 1).value(), "gave up");
  auto dead = store->dead_letters(0, 10).value();
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(dead[0].index, 1u);
  EXPECT_TRUE(store->dead_letters(2, 10).value().empty());
  batch.clear();
  batch.delete_dead(1, 1);
  ASSERT_TRUE(store->write_unsynced(batch).has_value());
  EXPECT_EQ(store->dead_letter(1, 1).error().code, Error::not_found);
}

TEST_F(StoreTest, RecordsAreNotWrittenUnsynced) {
  auto store = open();
  Batch batch;
  batch.append_record(1, "a");
  EXPECT_EQ(store->write_unsynced(batch).error().code, Error::invalid);
  EXPECT_TRUE(store->commit(batch).has_value());
}

TEST_F(StoreTest, DedupeAnswersAndForgetsByAge) {
  auto store = open();
  Batch batch;
  for (std::uint64_t seq = 1; seq <= 100; ++seq) {
    batch.append_record(seq, "r");
    batch.put_dedupe(3, "key " + std::to_string(seq), seq, "answer " + std::to_string(seq));
  }
  ASSERT_TRUE(store->commit(batch).has_value());
  auto row = store->find_dedupe(3, "key 42").value();
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->seq, 42u);
  EXPECT_EQ(row->value, "answer 42");
  EXPECT_FALSE(store->find_dedupe(4, "key 42").value().has_value());

  // Answered again: the younger row must outlive the older one's age.
  batch.clear();
  batch.append_record(101, "r");
  batch.put_dedupe(3, "key 10", 101, "again");
  ASSERT_TRUE(store->commit(batch).has_value());

  auto first = store->prune_dedupe(50, 20).value();
  EXPECT_EQ(first.deleted, 20u);
  EXPECT_TRUE(first.more);
  EXPECT_FALSE(store->find_dedupe(3, "key 20").value().has_value());
  EXPECT_TRUE(store->find_dedupe(3, "key 21").value().has_value());
  auto second = store->prune_dedupe(50, 1000).value();
  EXPECT_EQ(second.deleted, 29u);
  EXPECT_FALSE(second.more);
  EXPECT_FALSE(store->find_dedupe(3, "key 49").value().has_value());
  EXPECT_TRUE(store->find_dedupe(3, "key 50").value().has_value());
  EXPECT_EQ(store->find_dedupe(3, "key 10").value()->value, "again");
  EXPECT_EQ(store->prune_dedupe(50).value().deleted, 0u);
  store.reset();
  store = open();
  EXPECT_EQ(store->prune_dedupe(1000).value().deleted, 52u);
  EXPECT_FALSE(store->find_dedupe(3, "key 10").value().has_value());
}

TEST_F(StoreTest, SnapshotsKeepTheNewestTwo) {
  auto store = open();
  append(*store, 10);
  const std::string large(1'000'000, 's');
  EXPECT_EQ(store->put_snapshot(11, "future").error().code, Error::invalid);
  ASSERT_TRUE(store->put_snapshot(2, "two").has_value());
  ASSERT_TRUE(store->put_snapshot(5, large).has_value());
  ASSERT_TRUE(store->put_snapshot(9, "").has_value());
  EXPECT_EQ(store->latest_snapshot(100).value()->seq, 9u);
  EXPECT_EQ(store->latest_snapshot(100).value()->value, "");
  EXPECT_EQ(store->latest_snapshot(8).value()->seq, 5u);
  EXPECT_EQ(store->latest_snapshot(8).value()->value, large);
  EXPECT_FALSE(store->latest_snapshot(4).value().has_value());
  ASSERT_TRUE(store->put_snapshot(9, "replaced").has_value());
  store.reset();
  store = open();
  EXPECT_EQ(store->latest_snapshot(9).value()->value, "replaced");
  EXPECT_EQ(store->latest_snapshot(8).value()->value.size(), large.size());
}

TEST_F(StoreTest, BatchOnlyOfRowsMovesNoSeq) {
  auto store = open();
  append(*store, 2);
  Batch batch;
  batch.put_outbox(2, 0, "x");
  ASSERT_TRUE(store->commit(batch).has_value());
  EXPECT_EQ(store->last_seq(), 2u);
  append(*store, 1);
  EXPECT_EQ(store->last_seq(), 3u);
}

}  // namespace
}  // namespace sb::storage
