#include "routing/core.h"

#include <algorithm>

#include "routing/apply.h"
#include "routing/decider.h"

namespace sb::routing {

Outcome Core::step(const Command& command, Source source, std::string_view key, TimeMs now,
                   std::vector<Event>& events) {
  events.clear();
  IdentityHash hash;
  if (!key.empty()) {
    hash = hash_key(source, key);
    if (const KnownKey* known = find_key(hash)) return {Rejection::kNone, known->result, true};
  }
  Decider decider{state_, std::max(now, state_.counters.time_ms), events};
  const Decision decision = std::visit([&](const auto& c) { return decider.on(c); }, command);
  if (decision.rejection == Rejection::kNone && !key.empty() && !events.empty()) remember_key(hash, decision.result);
  return {decision.rejection, decision.result, false};
}

void Core::replay(const Record& record) {
  for (const Event& event : record.events) apply(state_, event, record.time_ms);
  if (!record.key.empty()) remember_key(hash_key(record.source, record.key), record.result);
}

void Core::follow(const Event& event, TimeMs time_ms) {
  apply(state_, event, time_ms);
}

const Core::KnownKey* Core::find_key(IdentityHash hash) const {
  const std::uint64_t* serial = key_index_.find(index_key(hash));
  if (!serial) return nullptr;
  const KnownKey& known = keys_[*serial - key_base_];
  return known.hash == hash ? &known : nullptr;
}

void Core::remember_key(IdentityHash hash, std::uint64_t result) {
  if (keys_.size() == kKeyWindow) {
    const std::uint64_t oldest = index_key(keys_.front().hash);
    const std::uint64_t* serial = key_index_.find(oldest);
    if (serial && *serial == key_base_) key_index_.erase(oldest);
    keys_.pop_front();
    ++key_base_;
  }
  keys_.push_back({hash, result});
  key_index_.put(index_key(hash), key_base_ + keys_.size() - 1);
}

}  // namespace sb::routing
