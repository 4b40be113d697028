#pragma once
// Values that few have or many share: what has none pays a pointer. They read as the value, a default one where there
// is none, and are encoded as it.
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "proto/wire.h"

namespace sb::routing {

template <class T>
inline constinit const T kDefault{};

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

  [[nodiscard]] const T& operator*() const { return block_ ? block_->value : kDefault<T>; }
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

  [[nodiscard]] const T& operator*() const { return value_ ? *value_ : kDefault<T>; }
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

// A language tag in eight bytes, as long as it is short ("zh", "zh-CN", "en-US"); a longer one is held aside. Encoded
// as a string.
class LanguageTag {
 public:
  LanguageTag() = default;
  LanguageTag(std::string_view text) { set(text); }    // NOLINT(*-explicit-*)
  LanguageTag(const std::string& text) { set(text); }  // NOLINT(*-explicit-*)
  LanguageTag(const LanguageTag& o) { set(o); }
  LanguageTag(LanguageTag&& o) noexcept : bits_(std::exchange(o.bits_, 0)) {}
  LanguageTag& operator=(LanguageTag o) noexcept {
    std::swap(bits_, o.bits_);
    return *this;
  }
  ~LanguageTag() {
    if (is_aside()) delete aside();
  }

  [[nodiscard]] std::string_view view() const {
    if (is_aside()) return *aside();
    return {reinterpret_cast<const char*>(&bits_) + 1, static_cast<std::size_t>((bits_ & 0xFF) >> 1)};
  }
  operator std::string_view() const { return view(); }          // NOLINT(*-explicit-*)
  operator std::string() const { return std::string(view()); }  // NOLINT(*-explicit-*)
  [[nodiscard]] bool empty() const { return bits_ == 0; }
  bool operator==(const LanguageTag& o) const { return view() == o.view(); }
  static constexpr auto fields() { return std::tuple{}; }

 private:
  static_assert(std::endian::native == std::endian::little, "the first byte tells the two forms apart");

  void set(std::string_view text) {
    if (text.empty()) return;
    if (text.size() < sizeof bits_) {
      bits_ = (text.size() << 1) | 1;
      std::memcpy(reinterpret_cast<char*>(&bits_) + 1, text.data(), text.size());
    } else {
      bits_ = reinterpret_cast<std::uintptr_t>(new std::string(text));  // even
    }
  }
  [[nodiscard]] bool is_aside() const { return bits_ != 0 && (bits_ & 1) == 0; }
  [[nodiscard]] const std::string* aside() const {
    return reinterpret_cast<const std::string*>(bits_);  // NOLINT(performance-no-int-to-ptr)
  }

  std::uint64_t bits_ = 0;  // 0: empty; odd: twice the length and one, then the text; else the address of a string
};

// Found by the encoding of what holds them.
inline void encode(std::string& out, const LanguageTag& tag) {
  out.append(tag.view());
}
[[nodiscard]] inline bool decode(std::string_view bytes, LanguageTag& tag) {
  tag = LanguageTag(bytes);
  return true;
}
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
