#include "engine/timeline.h"

#include <algorithm>
#include <array>

namespace sb::engine {

namespace {
struct Touch {
  CustomerId customer;
  InteractionId interaction;
  bool operator==(const Touch&) const = default;
};

// A batch of deadlines may touch many; each is small and the list is short, so a linear search does.
class Touched {
 public:
  void add(Touch touch) {
    if (std::find(all_.begin(), all_.end(), touch) == all_.end()) all_.push_back(touch);
  }
  [[nodiscard]] const std::vector<Touch>& all() const { return all_; }
  void clear() { all_.clear(); }

 private:
  std::vector<Touch> all_;
};
}  // namespace

void put_timeline(storage::Batch& batch, const Record& record, const routing::State& after) {
  thread_local Touched touched;
  touched.clear();
  for (const Event& event : record.events) {
    std::visit(
        [&]<class E>(const E& e) {
          Touch touch;
          if constexpr (requires { e.interaction; }) touch.interaction = e.interaction;
          if constexpr (requires { e.customer; }) {
            touch.customer = e.customer;
          } else if constexpr (requires { e.interaction; }) {
            if (const auto* i = after.interactions.find(e.interaction)) touch.customer = i->customer;
          } else if constexpr (requires { e.into; }) {
            touched.add({e.into, {}});
            touch.customer = e.from;
          }
          if (touch.customer) touched.add(touch);
        },
        event);
  }
  std::uint16_t index = 0;
  std::string value;
  for (const Touch& touch : touched.all()) {
    value.clear();
    wire::put_varint(value, touch.interaction.value);
    batch.put_timeline(touch.customer.value, record.seq, index++, value);
  }
}

InteractionId decode_timeline(std::string_view row) {
  InteractionId interaction;
  wire::Reader reader(row);
  if (!reader.varint(interaction.value)) return {};
  return interaction;
}

}  // namespace sb::engine
