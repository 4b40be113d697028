// Every command, event, frame and request: our bytes mean the same to libprotobuf, and its bytes the same to us.
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "proto/command.h"
#include "proto/console.h"
#include "proto/console.pb.h"
#include "proto/event.h"
#include "proto/switchboard.pb.h"
#include "tests/proto/filler.h"
#include "tests/proto/mirror.h"

namespace sb::test {
namespace {

constexpr std::uint64_t kRounds = 40;

template <class Variant, class Message>
void expect_agreement(const Variant& ours, Message& schema_message, const pb::FieldDescriptor& field) {
  Message& mirrored = schema_message;
  std::visit([&](const auto& m) { mirror(m, *mirrored.GetReflection()->MutableMessage(&mirrored, &field)); }, ours);

  std::string bytes;
  wire::encode_oneof(bytes, ours);
  Message parsed;
  ASSERT_TRUE(parsed.ParseFromString(bytes)) << field.name();
  EXPECT_TRUE(pb::util::MessageDifferencer::Equals(mirrored, parsed)) << "ours:\n"
                                                                      << parsed.DebugString() << "libprotobuf:\n"
                                                                      << mirrored.DebugString();

  Variant back;
  ASSERT_TRUE(wire::decode_oneof(mirrored.SerializeAsString(), back)) << field.name();
  EXPECT_EQ(back, ours) << field.name();

  Variant again;
  ASSERT_TRUE(wire::decode_oneof(bytes, again));
  EXPECT_EQ(again, ours) << field.name();
  std::string bytes_again;
  wire::encode_oneof(bytes_again, again);
  EXPECT_EQ(bytes_again, bytes) << "not canonical: " << field.name();
}

template <class Variant, class Message>
void expect_all_agree(bool named_by_type) {
  int alternatives = 0;
  for_each_alternative<Variant>([&]<class T>(std::type_identity<T>) {
    ++alternatives;
    const pb::FieldDescriptor* field = Message::descriptor()->FindFieldByNumber(static_cast<int>(T::kNumber));
    ASSERT_NE(field, nullptr) << T::kName;
    EXPECT_EQ(named_by_type ? field->message_type()->name() : field->name(), T::kName);
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      T value;
      Filler(round * 1009 + T::kNumber, round % 3 == 0 ? 0 : 2).fill(value);
      Message message;
      expect_agreement(Variant{value}, message, *field);
      if (::testing::Test::HasFailure()) return;
    }
    Message message;
    expect_agreement(Variant{T{}}, message, *field);  // all defaults
  });
  EXPECT_EQ(Message::descriptor()->field_count(), alternatives);
}

TEST(Agreement, Commands) {
  expect_all_agree<Command, switchboard::Command>(true);
}
TEST(Agreement, Events) {
  expect_all_agree<Event, switchboard::Event>(true);
}
TEST(Agreement, Frames) {
  expect_all_agree<FrameBody, switchboard::console::FrameBody>(false);
}
TEST(Agreement, Requests) {
  expect_all_agree<RequestBody, switchboard::console::RequestBody>(false);
}

TEST(Agreement, FieldNumbersAscendSoThatEncodingIsCanonical) {
  const auto ascending = []<class T>(std::type_identity<T>) {
    std::uint32_t last = 0;
    wire::for_each_field<T>([&](auto field) {
      EXPECT_GT(decltype(field)::kNumber, last) << T::kName << "." << field.name;
      last = decltype(field)::kNumber;
    });
  };
  for_each_alternative<Command>(ascending);
  for_each_alternative<Event>(ascending);
  for_each_alternative<FrameBody>(ascending);
  for_each_alternative<RequestBody>(ascending);
}

}  // namespace
}  // namespace sb::test
