// The journal's record: both directions, libprotobuf's reading, and the digest chain.
#include "proto/record.h"

#include <gtest/gtest.h>

#include "proto/switchboard.pb.h"
#include "tests/proto/filler.h"

namespace sb::test {
namespace {

Record sample(std::uint64_t seed) {
  Record record;
  record.seq = seed + 1;
  record.time_ms = 1'700'000'000'000 + seed;
  record.source = Source::kChat;
  record.key = "message-" + std::to_string(seed);
  command::StartInteraction start;
  Filler(seed, 2).fill(start);
  record.command = start;
  event::InteractionStarted started;
  event::OfferMade offered;
  Filler(seed + 1, 2).fill(started);
  Filler(seed + 2, 2).fill(offered);
  record.events = {started, offered, event::PresenceChanged{}};
  record.contents = 2;
  record.result = 7;
  return record;
}

void expect_equal(const Record& a, const Record& b) {
  EXPECT_EQ(a.seq, b.seq);
  EXPECT_EQ(a.time_ms, b.time_ms);
  EXPECT_EQ(a.logic_version, b.logic_version);
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.command, b.command);
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.digest, b.digest);
  EXPECT_EQ(a.contents, b.contents);
  EXPECT_EQ(a.result, b.result);
}

TEST(Record, RoundTrip) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Record record = sample(seed);
    std::string bytes;
    encode_record(bytes, record, 99);
    Record back;
    ASSERT_TRUE(decode_record(bytes, back));
    expect_equal(record, back);
    std::string again;
    encode_record(again, back, 99);
    EXPECT_EQ(again, bytes);
  }
}

TEST(Record, LibprotobufReadsIt) {
  Record record = sample(5);
  std::string bytes;
  encode_record(bytes, record, 0);
  switchboard::Record parsed;
  ASSERT_TRUE(parsed.ParseFromString(bytes));
  EXPECT_EQ(parsed.seq(), record.seq);
  EXPECT_EQ(parsed.time_ms(), record.time_ms);
  EXPECT_EQ(parsed.logic_version(), kLogicVersion);
  EXPECT_EQ(parsed.source(), static_cast<std::uint32_t>(record.source));
  EXPECT_EQ(parsed.key(), record.key);
  EXPECT_TRUE(parsed.command().has_start_interaction());
  EXPECT_EQ(parsed.events_size(), 3);
  EXPECT_TRUE(parsed.events(1).has_offer_made());
  EXPECT_EQ(parsed.digest(), record.digest);
  EXPECT_EQ(parsed.contents(), 2u);
  EXPECT_EQ(parsed.result(), 7u);
  Record back;
  ASSERT_TRUE(decode_record(parsed.SerializeAsString(), back));
  expect_equal(record, back);
}

TEST(Record, AppendsAndChainsOverTheBytesOfTheEvents) {
  Record first = sample(1);
  Record second = sample(2);
  std::string out = "before";
  encode_record(out, first, 42);
  EXPECT_TRUE(out.starts_with("before"));
  std::string ignored;
  encode_record(ignored, second, first.digest);

  std::string event_bytes;
  for (const Event& e : first.events) wire::put_delimited(event_bytes, 7, [&] { wire::encode_oneof(event_bytes, e); });
  EXPECT_EQ(first.digest, chain_digest(42, event_bytes));

  // Another past, or one changed event, gives another digest from there on.
  Record other = sample(2);
  encode_record(ignored, other, first.digest + 1);
  EXPECT_NE(other.digest, second.digest);
  Record changed = sample(2);
  std::get<event::OfferMade>(changed.events[1]).score += 1;
  encode_record(ignored, changed, first.digest);
  EXPECT_NE(changed.digest, second.digest);
}

TEST(Record, TornIsRefusedOrShorterAndFlippedNeverCrashes) {
  Record record = sample(3);
  std::string bytes;
  encode_record(bytes, record, 0);
  int refused = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    Record out;
    if (!decode_record(std::string_view(bytes).substr(0, length), out)) {
      ++refused;
    } else {
      EXPECT_NE(out.result, record.result);  // the last field is gone
    }
  }
  EXPECT_GT(refused, static_cast<int>(bytes.size()) / 2);
  std::mt19937_64 random(3);
  for (int n = 0; n < 5000; ++n) {
    std::string flipped = bytes;
    flipped[random() % flipped.size()] ^= static_cast<char>(1u << (random() % 8));
    Record out;
    if (decode_record(flipped, out)) {
      std::string again;
      encode_record(again, out, 0);
    }
  }
}

TEST(Record, NeedsACommandItKnows) {
  Record out;
  EXPECT_FALSE(decode_record("", out));
  std::string bytes;
  wire::put_field(bytes, 1, std::uint64_t{5});
  EXPECT_FALSE(decode_record(bytes, out));
  std::string newer;
  wire::put_delimited(newer, 6, [&] { wire::put_delimited(newer, 4000, [] {}); });
  EXPECT_FALSE(decode_record(newer, out));
}

TEST(Record, KeysAreHashedWithTheirSource) {
  EXPECT_EQ(hash_key(Source::kChat, "a"), hash_key(Source::kChat, "a"));
  EXPECT_NE(hash_key(Source::kChat, "a"), hash_key(Source::kPhone, "a"));
  EXPECT_NE(hash_key(Source::kChat, "a"), hash_key(Source::kChat, "b"));
}

}  // namespace
}  // namespace sb::test
