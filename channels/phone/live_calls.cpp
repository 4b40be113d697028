#include "channels/phone/live_calls.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "crm/identity.h"
#include "engine/timeline.h"

namespace sb::phone {
namespace {

namespace json = boost::json;

constexpr std::uint16_t kCallRow = 2;  // row 1: the identity details
constexpr std::string_view kReached = ":reached";

std::string text_in_row(std::string_view row, std::string_view field) {
  boost::system::error_code error;
  const json::value value = json::parse(row, error);
  const auto* object = error ? nullptr : value.if_object();
  const auto* text = object ? object->if_contains(field) : nullptr;
  return text && text->is_string() ? std::string(std::string_view(text->get_string())) : std::string();
}

}  // namespace

std::string reached_key(std::string_view call_sid) {
  return std::string(call_sid) + std::string(kReached);
}

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
  const std::vector<Seq> records = records_of(interaction, customer);
  if (records.empty()) return nullptr;
  const Seq first = records.back();
  const auto bytes = store_.read_record(first);
  Record record;
  if (!bytes || !decode_record(*bytes, record)) return nullptr;
  const auto* start = std::get_if<command::StartInteraction>(&record.command);
  if (!start || start->channel != Channel::kPhone || record.result != interaction.value) return nullptr;
  LiveCall call;
  call.interaction = interaction;
  call.labels = start->labels;
  if (record.source == Source::kPhone) {
    call.call_sid = record.key;
    // The row is gone if the person was erased; the call can still be ended and redirected.
    const auto row = store_.content(first, kCallRow);
    if (row) call.number = text_in_row(*row, "number");
  }
  if (start->identity_content != 0) {
    const auto row = store_.content(first, static_cast<std::uint16_t>(start->identity_content));
    if (row && text_in_row(*row, "kind") == crm::kPhone) call.customer_number = text_in_row(*row, "value");
  }
  restore_callback(call, records);
  const bool is_call = record.source == Source::kPhone || call.caller_over || call.customer.attempt != 0;
  return is_call ? &(calls_[interaction.value] = std::move(call)) : nullptr;
}

void LiveCalls::restore_callback(LiveCall& call, const std::vector<Seq>& newest_first) const {
  bool answered = false;
  bool requested = false;  // looked past: only which call it ended is still to be found
  const auto answered_call = [](const Record& record) {
    return record.key.substr(0, record.key.size() - std::min(kReached.size(), record.key.size()));
  };
  for (const Seq seq : newest_first) {
    const auto bytes = store_.read_record(seq);
    Record record;
    if (!bytes || !decode_record(*bytes, record)) return;
    const auto* reached = std::get_if<command::ReachCustomer>(&record.command);
    if (reached && reached->interaction == call.interaction) {
      if (requested) {
        call.leaving_sid = answered_call(record);
        return;
      }
      if (!answered) call.call_sid = call.customer.call_sid = answered_call(record);
      answered = true;
    }
    if (requested) continue;
    for (const Event& event : record.events) {
      const auto* invited = std::get_if<event::OutsideInvited>(&event);
      if (invited && invited->interaction == call.interaction && call.outside.empty()) call.outside[seq];
      const auto* started = std::get_if<event::CallbackStarted>(&event);
      if (started && started->interaction == call.interaction && call.customer.attempt == 0)
        call.customer.attempt = seq;
      const auto* asked = std::get_if<event::CallbackRequested>(&event);
      if (!asked || asked->interaction != call.interaction) continue;
      if (answered) return;
      requested = call.caller_over = true;
      call.leaving_sid = std::exchange(call.call_sid, {});
      break;
    }
  }
}

std::vector<Seq> LiveCalls::records_of(InteractionId interaction, CustomerId customer) const {
  std::vector<Seq> records;
  Seq before = ~Seq{0};
  for (std::size_t page = 0; page < kTimelinePagesMax; ++page) {
    const auto rows = store_.timeline(customer.value, before, kTimelinePage);
    if (!rows || rows->empty()) break;
    for (const storage::Row& row : *rows) {
      if (engine::decode_timeline(row.value) == interaction) records.push_back(row.seq);
    }
    before = rows->back().seq;
  }
  return records;
}

InteractionId LiveCalls::interaction_of(std::string_view call_sid) const {
  InteractionId interaction;
  for (const std::string& key : {std::string(call_sid), reached_key(call_sid)}) {
    const auto row = store_.find_dedupe(static_cast<std::uint16_t>(Source::kPhone), key);
    if (!row || !*row) continue;
    wire::Reader reader((*row)->value);
    return reader.varint(interaction.value) ? interaction : InteractionId{};
  }
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
