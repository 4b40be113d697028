#pragma once
// Values that few have or many share: what has none pays a pointer. Both read as the value, a default one where there
// is none, and are encoded as it.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "proto/wire.h"

namespace sb::routing {

template <class T>
[[nodiscard]] inline const T& none_of() {
  static const T none{};
  return none;
}

// Never changed, only replaced; copies share it. Counted atomically, so a copy may be read on another thread.
template <class T>
class Shared {
 public:
  Shared() = default;
  Shared(T value) : block_(value == T{} ? nullptr : new Block{1, std::move(value)}) {}  // NOLINT(*-explicit-*)
  Shared(const Shared& o) : block_(o.block_) {
    if (block_) __atomic_fetch_add(&block_->count, 1, __ATOMIC_RELAXED);
  }
  Shared(Shared&& o) noexcept : block_(std::exchange(o.block_, nullptr)) {}
  Shared& operator=(Shared o) noexcept {
    std::swap(block_, o.block_);
    return *this;
  }
  ~Shared() {
    if (block_ && __atomic_sub_fetch(&block_->count, 1, __ATOMIC_ACQ_REL) == 0) delete block_;
  }

  [[nodiscard]] const T& operator*() const { return block_ ? block_->value : none_of<T>(); }
  [[nodiscard]] const T* operator->() const { return &**this; }
  operator const T&() const { return **this; }  // NOLINT(*-explicit-*)
  bool operator==(const Shared& o) const { return block_ == o.block_ || **this == *o; }
  static constexpr auto fields() { return T::fields(); }

 private:
  struct Block {
    std::uint32_t count;
    T value;
  };
  Block* block_ = nullptr;
};

// Changed in place by its one owner; a copy is another one.
template <class T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(const Boxed& o) : value_(o.value_ ? new T(*o.value_) : nullptr) {}
  Boxed(Boxed&& o) noexcept : value_(std::exchange(o.value_, nullptr)) {}
  Boxed& operator=(Boxed o) noexcept {
    std::swap(value_, o.value_);
    return *this;
  }
  ~Boxed() { delete value_; }

  [[nodiscard]] const T& operator*() const { return value_ ? *value_ : none_of<T>(); }
  [[nodiscard]] const T* operator->() const { return &**this; }
  operator const T&() const { return **this; }  // NOLINT(*-explicit-*)
  [[nodiscard]] explicit operator bool() const { return value_ != nullptr; }
  [[nodiscard]] T& edit() {
    if (!value_) value_ = new T{};
    return *value_;
  }
  void clear() { delete std::exchange(value_, nullptr); }
  bool operator==(const Boxed& o) const { return **this == *o; }
  static constexpr auto fields() { return T::fields(); }

 private:
  T* value_ = nullptr;
};

// Found by the encoding of what holds them.
template <class T>
void encode(std::string& out, const Shared<T>& held) {
  wire::encode(out, *held);
}
template <class T>
[[nodiscard]] bool decode(std::string_view bytes, Shared<T>& held) {
  T value{};
  const bool good = wire::decode(bytes, value);
  held = std::move(value);
  return good;
}
template <class T>
void encode(std::string& out, const Boxed<T>& held) {
  wire::encode(out, *held);
}
template <class T>
[[nodiscard]] bool decode(std::string_view bytes, Boxed<T>& held) {
  return wire::decode(bytes, held.edit());
}

}  // namespace sb::routing
