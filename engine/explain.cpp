#include "engine/explain.h"

#include <algorithm>

#include "engine/explain_offer.h"
#include "engine/explain_words.h"
#include "engine/recovery.h"
#include "engine/timeline.h"

namespace sb::engine {

namespace {

constexpr std::size_t kPage = 512;
constexpr std::size_t kRecordsMax = 20'000;  // of one interaction
constexpr std::size_t kFullCasesMax = 50;    // offers told with every agent's case, the newest

using Records = std::vector<Record>;  // oldest first

std::expected<Record, storage::Error> read(const storage::Store& store, Seq seq) {
  auto bytes = store.read_record(seq);
  if (!bytes) return std::unexpected(bytes.error());
  Record record;
  if (!decode_record(*bytes, record)) {
    return std::unexpected(storage::Error{storage::Error::damaged, seq, "record cannot be decoded"});
  }
  return record;
}

template <class E>
bool concerns(const E& e, InteractionId interaction) {
  if constexpr (requires { e.interaction; }) {
    return e.interaction == interaction;
  } else {
    return false;
  }
}

bool starts(const Record& record, InteractionId interaction) {
  return std::any_of(record.events.begin(), record.events.end(), [&](const Event& event) {
    const auto* started = std::get_if<event::InteractionStarted>(&event);
    const auto* past = std::get_if<event::PastInteractionAdded>(&event);
    return (started && started->interaction == interaction) || (past && past->interaction == interaction);
  });
}

// The records that touched the interaction, by its customer's timeline, back to its beginning.
std::expected<Records, storage::Error> records_of(const storage::Store& store, InteractionId interaction,
                                                  CustomerId customer) {
  Records found;
  Seq before = ~Seq{0};
  for (bool begun = false; !begun && found.size() < kRecordsMax;) {
    auto rows = store.timeline(customer.value, before, kPage);
    if (!rows) return std::unexpected(rows.error());
    if (rows->empty()) break;
    for (const auto& row : *rows) {
      before = row.seq;
      if (decode_timeline(row.value) != interaction) continue;
      auto record = read(store, row.seq);
      if (!record) return std::unexpected(record.error());
      begun = starts(*record, interaction);
      found.push_back(std::move(*record));
      if (begun) break;
    }
  }
  std::reverse(found.begin(), found.end());
  return found;
}

boost::json::object entry(const Event& event, const Record& record, const Words& words) {
  const Sentence sentence = words.say(event, record);
  return {{"time_ms", record.time_ms},
          {"seq", record.seq},
          {"event", std::visit([](const auto& e) { return std::decay_t<decltype(e)>::kName; }, event)},
          {"text_en", sentence.en},
          {"text_zh", sentence.zh},
          {"details", fields_of(event)}};
}

void append(boost::json::object& entry, const OfferCase& found, bool full) {
  const auto add = [&](const char* text, const char* alone, const std::string& why) {
    const std::string who(entry[text].as_string());
    entry[text] = who + why;
    entry[alone] = who;
  };
  add("text_en", "short_en", found.sentence.en);
  add("text_zh", "short_zh", found.sentence.zh);
  auto& details = entry["details"].as_object();
  details["policy"] = found.policy;
  details["order"] = name(found.order);
  if (found.place > 0) {
    details["place"] = found.place;
    details["waiting"] = found.waiting;
  }
  const std::size_t left_out = found.left_out + (full ? 0 : found.agents.size());
  if (full) details["agents"] = found.agents;
  if (left_out > 0) details["agents_left_out"] = left_out;
}

// The cases of every offer of the interaction, in order: one pass over the journal from the first to the last of them.
std::expected<std::vector<OfferCase>, storage::Error> offer_cases(const storage::Store& store, const Words& words,
                                                                  InteractionId interaction, const Records& records) {
  Seq first = 0;
  Seq last = 0;
  for (const Record& record : records) {
    for (const Event& event : record.events) {
      const auto* offer = std::get_if<event::OfferMade>(&event);
      if (!offer || offer->interaction != interaction) continue;
      if (first == 0) first = record.seq;
      last = record.seq;
    }
  }
  std::vector<OfferCase> cases;
  if (first == 0) return cases;
  auto start = recover(store, first - 1);
  if (!start) return std::unexpected(start.error());
  std::optional<storage::Error> bad;
  Record record;
  auto visited = store.for_each_record(first, last, [&](std::uint64_t seq, std::string_view payload) {
    if (!decode_record(payload, record)) {
      bad = storage::Error{storage::Error::damaged, seq, "record cannot be decoded"};
      return false;
    }
    for (const Event& event : record.events) {
      const auto* offer = std::get_if<event::OfferMade>(&event);
      if (offer && offer->interaction == interaction) {
        cases.push_back(explain_offer(start->core.state(), *offer, record.time_ms, words));
      }
      start->core.follow(event, record.time_ms);
    }
    return true;
  });
  if (!visited) return std::unexpected(visited.error());
  if (bad) return std::unexpected(*bad);
  return cases;
}

}  // namespace

std::expected<boost::json::array, storage::Error> explain(const storage::Store& store, const Center& center,
                                                          InteractionId interaction, CustomerId customer) {
  const Words words(center);
  auto records = records_of(store, interaction, customer);
  if (!records) return std::unexpected(records.error());
  auto cases = offer_cases(store, words, interaction, *records);
  if (!cases) return std::unexpected(cases.error());
  boost::json::array out;
  std::size_t offers = 0;
  for (const Record& record : *records) {
    const bool begins = starts(record, interaction);
    for (const Event& event : record.events) {
      const bool ours = std::visit([&](const auto& e) { return concerns(e, interaction); }, event);
      // The customer and the ticket that came into being with it belong to its story.
      const bool with_it = begins && (std::holds_alternative<event::CustomerCreated>(event) ||
                                      std::holds_alternative<event::TicketOpened>(event));
      if (!ours && !with_it) continue;
      auto told = entry(event, record, words);
      if (std::holds_alternative<event::OfferMade>(event)) {
        append(told, (*cases)[offers], cases->size() - offers <= kFullCasesMax);
        ++offers;
      }
      out.push_back(std::move(told));
    }
  }
  return out;
}

std::expected<bool, storage::Error> took_part(const storage::Store& store, InteractionId interaction,
                                              CustomerId customer, AgentId agent) {
  auto records = records_of(store, interaction, customer);
  if (!records) return std::unexpected(records.error());
  return std::any_of(records->begin(), records->end(), [&](const Record& record) {
    return std::any_of(record.events.begin(), record.events.end(), [&](const Event& event) {
      const auto* offer = std::get_if<event::OfferMade>(&event);
      const auto* past = std::get_if<event::PastInteractionAdded>(&event);
      return (offer && offer->interaction == interaction && offer->agent == agent) ||
             (past && past->interaction == interaction && past->agent == agent);
    });
  });
}

std::expected<boost::json::array, storage::Error> history(const storage::Store& store, const Center& center,
                                                          CustomerId customer, Seq before, std::size_t records_max) {
  const Words words(center);
  auto rows = store.timeline(customer.value, before == 0 ? ~Seq{0} : before, records_max);
  if (!rows) return std::unexpected(rows.error());
  boost::json::array out;
  Seq last = 0;
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    if (row->seq == last) continue;
    last = row->seq;
    auto record = read(store, row->seq);
    if (!record) return std::unexpected(record.error());
    // A batch of deadlines may touch several customers: only the interactions this customer's rows name.
    std::vector<InteractionId> touched;
    for (const auto& other : *rows) {
      if (other.seq == row->seq) touched.push_back(decode_timeline(other.value));
    }
    for (const Event& event : record->events) {
      const bool ours = std::visit(
          [&](const auto& e) {
            if constexpr (requires { e.interaction; }) {
              return std::find(touched.begin(), touched.end(), e.interaction) != touched.end();
            } else if constexpr (requires { e.customer; }) {
              return e.customer == customer;
            } else if constexpr (requires { e.into; }) {
              return e.from == customer || e.into == customer;
            } else {
              return false;
            }
          },
          event);
      if (ours) out.push_back(entry(event, *record, words));
    }
  }
  return out;
}

}  // namespace sb::engine
