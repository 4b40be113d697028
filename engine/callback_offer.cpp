#include "engine/callback_offer.h"

#include <algorithm>

namespace sb::engine {

bool offers_callback(const routing::Interaction& i, const Center& center, const routing::State& state) {
  if (i.state != routing::InteractionState::kQueued || i.consult) return false;
  const QueueInfo* info = center.queue(i.queue);
  if (info && info->callback.always_offered) return true;
  const routing::Queue* queue = state.queues.find(i.queue);
  if (!queue) return false;
  const auto& steps = queue->config.matching.relaxation;
  const auto passed = std::min<std::size_t>(i.ring, steps.size());
  return std::ranges::any_of(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(passed),
                             [](const RelaxStep& step) { return step.kind == RelaxKind::kOfferCallback; });
}

}  // namespace sb::engine
