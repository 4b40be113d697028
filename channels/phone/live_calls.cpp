#include "channels/phone/live_calls.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "engine/timeline.h"

namespace sb::phone {
namespace {

namespace json = boost::json;

constexpr std::uint16_t kCallRow = 2;  // row 1: the identity details

std::string number_of_row(std::string_view row) {
  boost::system::error_code error;
  const json::value value = json::parse(row, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* number = object ? object->if_contains("number") : nullptr;
  return number && number->is_string() ? std::string(std::string_view(number->get_string())) : std::string();
}

}  // namespace

std::string encode_call_row(std::string_view call_sid, std::string_view number) {
  return json::serialize(json::object{{"call_sid", call_sid}, {"number", number}});
}

LiveCall& LiveCalls::add(InteractionId interaction, std::string_view call_sid, std::string_view number,
                         std::vector<std::string> labels) {
  LiveCall& call = calls_[interaction.value];
  call.interaction = interaction;
  call.call_sid = call_sid;
  call.number = number;
  call.labels = std::move(labels);
  return call;
}

LiveCall* LiveCalls::find(InteractionId interaction, CustomerId customer) {
  if (const auto known = calls_.find(interaction.value); known != calls_.end()) return &known->second;
  const auto seq = first_record_of(interaction, customer);
  if (!seq) return nullptr;
  const auto bytes = store_.read_record(*seq);
  Record record;
  if (!bytes || !decode_record(*bytes, record)) return nullptr;
  const auto* start = std::get_if<command::StartInteraction>(&record.command);
  const bool is_call = record.source == Source::kPhone && start && start->channel == Channel::kPhone;
  if (!is_call || record.result != interaction.value) return nullptr;
  // The row is gone if the person was erased; the call can still be ended and redirected.
  const auto row = store_.content(*seq, kCallRow);
  return &add(interaction, record.key, row ? number_of_row(*row) : std::string(), start->labels);
}

// The oldest of the customer's timeline rows that name the interaction.
std::optional<Seq> LiveCalls::first_record_of(InteractionId interaction, CustomerId customer) const {
  std::optional<Seq> first;
  Seq before = ~Seq{0};
  for (std::size_t page = 0; page < kTimelinePagesMax; ++page) {
    const auto rows = store_.timeline(customer.value, before, kTimelinePage);
    if (!rows || rows->empty()) break;
    for (const storage::Row& row : *rows) {
      if (engine::decode_timeline(row.value) == interaction) first = row.seq;
    }
    before = rows->back().seq;
  }
  return first;
}

InteractionId LiveCalls::interaction_of(std::string_view call_sid) const {
  const auto row = store_.find_dedupe(static_cast<std::uint16_t>(Source::kPhone), call_sid);
  InteractionId interaction;
  if (!row || !*row) return interaction;
  wire::Reader reader((*row)->value);
  if (!reader.varint(interaction.value)) return {};
  return interaction;
}

void LiveCalls::retire(InteractionId interaction) {
  const auto call = calls_.find(interaction.value);
  if (call == calls_.end() || std::exchange(call->second.retired, true)) return;
  retired_.push_back(interaction);
  if (retired_.size() <= kRetiredMax) return;
  calls_.erase(retired_.front().value);
  retired_.pop_front();
}

void LiveCalls::note_over(std::string_view call_sid) {
  if (!over_.emplace(call_sid).second) return;
  over_order_.emplace_back(call_sid);
  if (over_order_.size() <= kOverMax) return;
  over_.erase(over_order_.front());
  over_order_.pop_front();
}

}  // namespace sb::phone
