#pragma once
// Fills any message of proto/ with arbitrary valid values, by its fields().
#include <limits>
#include <random>
#include <string>

#include "proto/types.h"
#include "proto/wire.h"

namespace sb::test {

class Filler {
 public:
  // One field in `sparsity` stays at its default; 0 fills every field.
  Filler(std::uint64_t seed, unsigned sparsity) : random_(seed), sparsity_(sparsity) {}

  template <class T>
  void fill(T& v) {
    if constexpr (wire::StrongId<T>) {
      v.value = number<typename T::rep>();
    } else if constexpr (std::is_same_v<T, bool>) {
      v = true;
    } else if constexpr (std::is_enum_v<T>) {
      v = static_cast<T>(1 + random_() % (EnumLimit<T>::value - 1));
    } else if constexpr (std::is_integral_v<T>) {
      v = number<T>();
    } else if constexpr (std::is_same_v<T, std::string>) {
      static constexpr std::string_view kWords[] = {"a", "vip", "zh-Hans", "您好，我的订单在哪里？", "\x01\x7f ok"};
      v = kWords[random_() % std::size(kWords)];
      if (random_() % 16 == 0) v.append(300, 'x');  // a length of two bytes
    } else if constexpr (wire::Message<T>) {
      wire::for_each_field<T>([&](auto field) {
        if (sparsity_ != 0 && random_() % sparsity_ == 0) return;
        fill(v.*(decltype(field)::kMember));
      });
    } else {
      static_assert(wire::IsVector<T>::value);
      v.resize(1 + random_() % 3);
      for (auto& element : v) fill(element);
    }
  }

 private:
  template <class N>
  N number() {
    switch (random_() % 4) {
      case 0:
        return std::numeric_limits<N>::max();
      case 1:
        if constexpr (std::is_signed_v<N>) return std::numeric_limits<N>::min();
        return 1;
      case 2:
        return static_cast<N>(1 + random_() % 200);
      default: {
        const auto n = static_cast<N>(random_());
        return n == 0 ? N{1} : n;
      }
    }
  }

  std::mt19937_64 random_;
  unsigned sparsity_;
};

// Calls f(std::type_identity<Alternative>) for every alternative of a variant.
template <class Variant, class F>
void for_each_alternative(F&& f) {
  [&]<std::size_t... Is>(std::index_sequence<Is...>) {
    (f(std::type_identity<std::variant_alternative_t<Is, Variant>>{}), ...);
  }(std::make_index_sequence<std::variant_size_v<Variant>>{});
}

}  // namespace sb::test
