#include "tests/script/core_driver.h"

#include <algorithm>

namespace sb::script {

Answer CoreDriver::submit(const Command& command, Source source, std::string_view key, TimeMs now) {
  Answer answer;
  answer.outcome = core_.step(command, source, key, now, answer.events);
  if (answer.events.empty()) return answer;
  Record record;
  record.seq = journal_.size() + 1;
  record.time_ms = core_.state().counters.time_ms;
  record.source = source;
  record.key = key;
  record.command = command;
  record.events = answer.events;
  record.result = answer.outcome.result;
  encode_record(journal_.emplace_back(), record, digest_);
  digest_ = record.digest;
  return answer;
}

std::vector<TimedEvent> CoreDriver::advance(TimeMs to) {
  std::vector<TimedEvent> fired;
  while (core_.next_deadline() <= to) {
    const TimeMs at = std::max(core_.next_deadline(), core_.state().counters.time_ms);
    for (Event& event : submit(command::FireDeadlines{}, Source::kEngine, {}, at).events) {
      fired.push_back({at, std::move(event)});
    }
  }
  return fired;
}

std::string CoreDriver::restart() {
  const std::string saved = core_.save();
  auto loaded = routing::Core::load(saved);
  if (!loaded) return loaded.error();
  if (loaded->save() != saved) return "the restored state is saved with other bytes";
  if (loaded->next_deadline() != core_.next_deadline()) return "the restored state has another next deadline";
  core_ = std::move(*loaded);
  return {};
}

std::string CoreDriver::crash() {
  routing::Core replayed;
  routing::Core decided;
  std::uint64_t digest = 0;
  std::vector<Event> events;
  for (std::size_t n = 0; n < journal_.size(); ++n) {
    const std::string at = " at record " + std::to_string(n + 1);
    Record record;
    if (!decode_record(journal_[n], record)) return "damaged" + at;
    const std::uint64_t recorded = record.digest;
    std::string again;
    encode_record(again, record, digest);
    if (record.digest != recorded || again != journal_[n]) return "the digest chain breaks" + at;
    digest = recorded;
    replayed.replay(record);
    const auto outcome = decided.step(record.command, record.source, record.key, record.time_ms, events);
    if (events != record.events || outcome.result != record.result) return "decided differently" + at;
  }
  const std::string saved = core_.save();
  if (replayed.save() != saved) return "replaying the journal gives another state";
  if (decided.save() != saved) return "deciding the journal again gives another state";
  core_ = std::move(replayed);
  return {};
}

}  // namespace sb::script
