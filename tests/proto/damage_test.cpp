// Bytes that are newer, torn, flipped or out of range.
#include <gtest/gtest.h>

#include <random>

#include "proto/command.h"
#include "proto/console.h"
#include "proto/event.h"
#include "tests/proto/filler.h"

namespace sb::test {
namespace {

template <class Variant>
std::vector<std::string> samples() {
  std::vector<std::string> all;
  for_each_alternative<Variant>([&]<class T>(std::type_identity<T>) {
    T value;
    Filler(T::kNumber, 0).fill(value);
    wire::encode_oneof(all.emplace_back(), Variant{value});
  });
  return all;
}

TEST(Damage, UnknownFieldsAreSkipped) {
  for_each_alternative<Event>([]<class T>(std::type_identity<T>) {
    T value;
    Filler(T::kNumber, 0).fill(value);
    std::string bytes;
    wire::put_varint(bytes, 500 << 3 | 0);
    wire::put_varint(bytes, 77);
    wire::put_varint(bytes, 501 << 3 | 1);
    bytes.append(8, '\x55');
    wire::encode(bytes, value);
    wire::put_field(bytes, 502, std::string("from a newer program"));
    wire::put_varint(bytes, 503 << 3 | 5);
    bytes.append(4, '\x55');
    T back;
    ASSERT_TRUE(wire::decode(bytes, back)) << T::kName;
    EXPECT_EQ(back, value) << T::kName;
  });
}

TEST(Damage, GroupsAndUnknownWireTypesAreRefused) {
  for (const std::uint64_t wire_type : {3, 4, 6, 7}) {
    std::string bytes;
    wire::put_varint(bytes, 500 << 3 | wire_type);
    event::SkillPut out;
    EXPECT_FALSE(wire::decode(bytes, out)) << wire_type;
  }
}

// A field cut off at a boundary between fields is a legal shorter message, but never the same one; anywhere else it
// fails.
template <class Variant>
void expect_torn_refused() {
  for (const std::string& whole : samples<Variant>()) {
    for (std::size_t length = 0; length < whole.size(); ++length) {
      Variant out;
      EXPECT_FALSE(wire::decode_oneof(std::string_view(whole).substr(0, length), out)) << length << "/" << whole.size();
    }
  }
}

TEST(Damage, TornAtEveryByte) {
  expect_torn_refused<Command>();
  expect_torn_refused<Event>();
  expect_torn_refused<FrameBody>();
  expect_torn_refused<RequestBody>();
}

TEST(Damage, FlippedBitsNeverCrashAndWhatStillDecodesIsCanonicalAgain) {
  std::mt19937_64 random(7);
  int decoded = 0;
  int tried = 0;
  for (const std::string& whole : samples<Event>()) {
    for (int n = 0; n < 300; ++n) {
      std::string flipped = whole;
      const int flips = 1 + static_cast<int>(random() % 3);
      for (int f = 0; f < flips; ++f) {
        flipped[random() % flipped.size()] ^= static_cast<char>(1u << (random() % 8));
      }
      ++tried;
      Event out;
      if (!wire::decode_oneof(flipped, out)) continue;
      ++decoded;
      std::string bytes;
      wire::encode_oneof(bytes, out);
      Event back;
      ASSERT_TRUE(wire::decode_oneof(bytes, back));
      EXPECT_EQ(back, out);
    }
  }
  // A flip inside a number or a word gives another legal value; the journal's digest is what catches those.
  EXPECT_GT(decoded, 0);
  EXPECT_LT(decoded, tried);
}

TEST(Damage, RandomBytesMostlyFail) {
  std::mt19937_64 random(11);
  int decoded = 0;
  for (int n = 0; n < 20000; ++n) {
    std::string noise(random() % 64, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    Command command;
    RequestBody request;
    decoded += wire::decode_oneof(noise, command) ? 1 : 0;
    decoded += wire::decode_oneof(noise, request) ? 1 : 0;
  }
  EXPECT_LT(decoded, 200);
}

TEST(Damage, NumbersOutOfRangeAreRefused) {
  const auto decodes = []<class T>(std::uint32_t number, std::uint64_t raw, std::type_identity<T>) {
    std::string bytes;
    wire::put_varint(bytes, std::uint64_t{number} << 3);
    wire::put_varint(bytes, raw);
    T out;
    return wire::decode(bytes, out);
  };
  using In = std::type_identity<event::AgentSignedIn>;
  EXPECT_TRUE(decodes(3, 3, In{}));
  EXPECT_FALSE(decodes(3, 4, In{}));  // presence
  EXPECT_FALSE(decodes(3, ~std::uint64_t{0}, In{}));
  EXPECT_FALSE(decodes(4, 2, In{}));                       // bool
  EXPECT_FALSE(decodes(1, std::uint64_t{1} << 32, In{}));  // a 32-bit id
  using Updated = std::type_identity<event::TicketUpdated>;
  EXPECT_TRUE(decodes(6, 0xFFFFFFFFu, Updated{}));  // sint32 minimum
  EXPECT_FALSE(decodes(6, std::uint64_t{1} << 32, Updated{}));
}

TEST(Damage, EveryEnumRefusesTheFirstUnknownNumber) {
  for_each_alternative<Event>([]<class T>(std::type_identity<T>) {
    wire::for_each_field<T>([]<class F>(F field) {
      using V = std::decay_t<decltype(std::declval<T>().*(F::kMember))>;
      if constexpr (std::is_enum_v<V>) {
        std::string bytes;
        wire::put_varint(bytes, std::uint64_t{F::kNumber} << 3);
        wire::put_varint(bytes, EnumLimit<V>::value);
        T out;
        EXPECT_FALSE(wire::decode(bytes, out)) << T::kName << "." << field.name;
      }
    });
  });
}

TEST(Damage, VarintsLongerThanSixtyFourBitsAreRefused) {
  std::uint64_t v = 0;
  std::string most(9, '\xFF');
  most += '\x01';
  EXPECT_TRUE(wire::Reader(most).varint(v));
  EXPECT_EQ(v, ~std::uint64_t{0});
  std::string more(9, '\xFF');
  more += '\x02';
  EXPECT_FALSE(wire::Reader(more).varint(v));
  EXPECT_FALSE(wire::Reader(std::string(11, '\x80')).varint(v));
}

TEST(Damage, UnpackedRepeatedNumbersAreRead) {
  std::string bytes;
  wire::put_varint(bytes, 1 << 3);
  wire::put_varint(bytes, 9);
  for (const std::uint64_t capacity : {0, 3, 5}) {
    wire::put_varint(bytes, 4 << 3);
    wire::put_varint(bytes, capacity);
  }
  event::AgentPut out;
  ASSERT_TRUE(wire::decode(bytes, out));
  EXPECT_EQ(out.agent, AgentId{9});
  EXPECT_EQ(out.capacity, (std::vector<std::uint32_t>{0, 3, 5}));
}

}  // namespace
}  // namespace sb::test
