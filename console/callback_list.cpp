#include "console/callback_list.h"

#include <algorithm>

namespace sb::console {

void CallbackList::load(const routing::State& state) {
  open_.clear();
  for (std::uint32_t slot = 0; slot < state.interactions.slots(); ++slot) {
    const routing::Interaction& i = state.interactions.at(slot);
    if (i.id && !i.customer_on_line()) open_.insert(i.id);
  }
}

void CallbackList::after_event(const engine::Commit&, const Event& event, const routing::State&) {
  if (const auto* requested = std::get_if<event::CallbackRequested>(&event)) {
    open_.insert(requested->interaction);
  } else if (const auto* reached = std::get_if<event::CustomerReached>(&event)) {
    open_.erase(reached->interaction);
  } else if (const auto* abandoned = std::get_if<event::InteractionAbandoned>(&event)) {
    open_.erase(abandoned->interaction);
  } else if (const auto* ended = std::get_if<event::InteractionEnded>(&event)) {
    open_.erase(ended->interaction);
  }
}

CallbackList::Page CallbackList::first(const routing::State& state, CustomerId customer, std::size_t count) const {
  Page page;
  for (const InteractionId id : open_) {
    const routing::Interaction* i = state.interactions.find(id);
    if (i && (!customer || i->customer == customer)) page.first.push_back(i);
  }
  page.total = page.first.size();
  const auto until = page.first.begin() + static_cast<std::ptrdiff_t>(std::min(count, page.total));
  std::partial_sort(page.first.begin(), until, page.first.end(), [](const auto* a, const auto* b) {
    return std::pair(a->callback->at_ms, a->id) < std::pair(b->callback->at_ms, b->id);
  });
  page.first.erase(until, page.first.end());
  return page;
}

}  // namespace sb::console
