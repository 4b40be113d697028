#pragma once
// A canonical protobuf encoding for plain structs.
//
// A message is a struct with a static fields() listing (number, member). encode() writes fields in ascending order,
// omits zero and empty values and packs repeated numbers, so equal values always give equal bytes: the digests of the
// journal need that, and protobuf's own serializer does not promise it. Any protobuf implementation reads the bytes
// with the schema in proto/*.proto (tests/proto checks both directions against libprotobuf). Source of the format:
// https://protobuf.dev/programming-guides/encoding/
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#define SB_FIELD(number, member)             \
  ::sb::wire::Field<number, &Self::member> { \
    #member                                  \
  }

namespace sb {
template <class Enum>
struct EnumLimit;
}

namespace sb::wire {

template <std::uint32_t Number, auto Member>
struct Field {
  static constexpr std::uint32_t kNumber = Number;
  static constexpr auto kMember = Member;
  std::string_view name;
};

template <class T>
concept Message = requires { T::fields(); };
template <class T>
concept StrongId = requires(T t) {
  typename T::rep;
  t.value;
};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
concept Scalar = StrongId<T> || std::is_enum_v<T> || std::is_integral_v<T>;

template <class T, class F>
constexpr void for_each_field(F&& f) {
  std::apply([&](auto... field) { (f(field), ...); }, T::fields());
}

inline void put_varint(std::string& out, std::uint64_t v) {
  char buffer[10];
  std::size_t n = 0;
  while (v >= 0x80) {
    buffer[n++] = static_cast<char>(v | 0x80);
    v >>= 7;
  }
  buffer[n++] = static_cast<char>(v);
  out.append(buffer, n);
}

template <Scalar T>
constexpr std::uint64_t to_wire(const T& v) {
  if constexpr (StrongId<T>) {
    return v.value;
  } else if constexpr (std::is_signed_v<T>) {  // sint: zigzag
    const auto wide = static_cast<std::int64_t>(v);
    return (static_cast<std::uint64_t>(wide) << 1) ^ static_cast<std::uint64_t>(wide >> 63);
  } else {
    return static_cast<std::uint64_t>(v);
  }
}

template <Scalar T>
[[nodiscard]] constexpr bool from_wire(std::uint64_t raw, T& v) {
  if constexpr (StrongId<T>) {
    if (raw > std::numeric_limits<typename T::rep>::max()) return false;
    v.value = static_cast<typename T::rep>(raw);
  } else if constexpr (std::is_enum_v<T>) {
    if (raw >= EnumLimit<T>::value) return false;
    v = static_cast<T>(raw);
  } else if constexpr (std::is_same_v<T, bool>) {
    if (raw > 1) return false;
    v = raw != 0;
  } else if constexpr (std::is_signed_v<T>) {
    const auto wide = static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
    if (wide < std::numeric_limits<T>::min() || wide > std::numeric_limits<T>::max()) return false;
    v = static_cast<T>(wide);
  } else {
    if (raw > std::numeric_limits<T>::max()) return false;
    v = static_cast<T>(raw);
  }
  return true;
}

template <Message T>
void encode(std::string& out, const T& message);

// Writes a length-delimited value: the body first, then its length slipped in front of it.
template <class Body>
void put_delimited(std::string& out, std::uint32_t number, Body&& body) {
  put_varint(out, (std::uint64_t{number} << 3) | 2);
  const std::size_t at = out.size();
  out.push_back('\0');
  body();
  const std::size_t length = out.size() - at - 1;
  if (length < 0x80) {
    out[at] = static_cast<char>(length);
    return;
  }
  std::string prefix;
  put_varint(prefix, length);
  out[at] = prefix[0];
  out.insert(at + 1, prefix, 1);
}

template <class T>
void put_field(std::string& out, std::uint32_t number, const T& v) {
  if constexpr (Scalar<T>) {
    const std::uint64_t raw = to_wire(v);
    if (raw == 0) return;
    put_varint(out, std::uint64_t{number} << 3);
    put_varint(out, raw);
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (v.empty()) return;
    put_varint(out, (std::uint64_t{number} << 3) | 2);
    put_varint(out, v.size());
    out.append(v);
  } else if constexpr (Message<T>) {
    if (v == T{}) return;
    put_delimited(out, number, [&] { encode(out, v); });
  } else {
    static_assert(IsVector<T>::value);
    using Element = typename T::value_type;
    if (v.empty()) return;
    if constexpr (Scalar<Element>) {
      put_delimited(out, number, [&] {
        for (const auto& e : v) put_varint(out, to_wire(e));
      });
    } else if constexpr (Message<Element>) {
      for (const auto& e : v) put_delimited(out, number, [&] { encode(out, e); });
    } else {
      for (const auto& e : v) put_delimited(out, number, [&] { out.append(e); });
    }
  }
}

template <Message T>
void encode(std::string& out, const T& message) {
  for_each_field<T>([&](auto field) { put_field(out, decltype(field)::kNumber, message.*(decltype(field)::kMember)); });
}

// A cursor over encoded bytes. Every read says whether it succeeded; after a failure the cursor must not be used.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool varint(std::uint64_t& v) {
    v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) return false;
      const auto byte = static_cast<std::uint8_t>(rest_.front());
      rest_.remove_prefix(1);
      if (shift == 63 && byte > 1) return false;
      v |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return true;
    }
    return false;
  }
  [[nodiscard]] bool delimited(std::string_view& v) {
    std::uint64_t length = 0;
    if (!varint(length) || length > rest_.size()) return false;
    v = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return true;
  }
  [[nodiscard]] bool skip(std::uint32_t wire_type) {
    std::uint64_t ignored = 0;
    std::string_view bytes;
    switch (wire_type) {
      case 0:
        return varint(ignored);
      case 1:
        return advance(8);
      case 2:
        return delimited(bytes);
      case 5:
        return advance(4);
      default:
        return false;
    }
  }

 private:
  [[nodiscard]] bool advance(std::size_t n) {
    if (rest_.size() < n) return false;
    rest_.remove_prefix(n);
    return true;
  }
  std::string_view rest_;
};

template <Message T>
[[nodiscard]] bool decode(std::string_view bytes, T& message);

template <class T>
[[nodiscard]] bool get_field(Reader& reader, std::uint32_t wire_type, T& v) {
  std::uint64_t raw = 0;
  std::string_view bytes;
  if constexpr (Scalar<T>) {
    return wire_type == 0 && reader.varint(raw) && from_wire(raw, v);
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (wire_type != 2 || !reader.delimited(bytes)) return false;
    v.assign(bytes);
    return true;
  } else if constexpr (Message<T>) {
    return wire_type == 2 && reader.delimited(bytes) && decode(bytes, v);
  } else {
    using Element = typename T::value_type;
    if constexpr (Scalar<Element>) {
      if (wire_type == 0) {  // unpacked form is legal too
        Element e{};
        if (!reader.varint(raw) || !from_wire(raw, e)) return false;
        v.push_back(e);
        return true;
      }
      if (wire_type != 2 || !reader.delimited(bytes)) return false;
      Reader packed(bytes);
      while (!packed.at_end()) {
        Element e{};
        if (!packed.varint(raw) || !from_wire(raw, e)) return false;
        v.push_back(e);
      }
      return true;
    } else {
      Element e{};
      if (wire_type != 2 || !reader.delimited(bytes)) return false;
      if constexpr (Message<Element>) {
        if (!decode(bytes, e)) return false;
      } else {
        e.assign(bytes);
      }
      v.push_back(std::move(e));
      return true;
    }
  }
}

// Reads into a default-constructed message; unknown fields are skipped, damage and out-of-range numbers fail.
template <Message T>
[[nodiscard]] bool decode(std::string_view bytes, T& message) {
  Reader reader(bytes);
  while (!reader.at_end()) {
    std::uint64_t tag = 0;
    if (!reader.varint(tag) || tag > std::numeric_limits<std::uint32_t>::max()) return false;
    const auto number = static_cast<std::uint32_t>(tag >> 3);
    const auto wire_type = static_cast<std::uint32_t>(tag & 7);
    bool known = false;
    bool good = true;
    for_each_field<T>([&](auto field) {
      if (known || decltype(field)::kNumber != number) return;
      known = true;
      good = get_field(reader, wire_type, message.*(decltype(field)::kMember));
    });
    if (!good || (!known && !reader.skip(wire_type))) return false;
  }
  return true;
}

// A oneof: each alternative is a message with its own kNumber, which is also its field number.
template <class... Ts>
void encode_oneof(std::string& out, const std::variant<Ts...>& v) {
  std::visit([&](const auto& m) { put_delimited(out, std::decay_t<decltype(m)>::kNumber, [&] { encode(out, m); }); },
             v);
}

template <class... Ts>
[[nodiscard]] bool decode_oneof(std::string_view bytes, std::variant<Ts...>& v) {
  Reader reader(bytes);
  std::uint64_t tag = 0;
  std::string_view body;
  if (!reader.varint(tag) || (tag & 7) != 2 || !reader.delimited(body) || !reader.at_end()) return false;
  const std::uint64_t number = tag >> 3;
  bool good = false;
  auto attempt = [&]<class T>(std::type_identity<T>) {
    if (T::kNumber != number) return false;
    good = decode(body, v.template emplace<T>());
    return true;
  };
  (void)(attempt(std::type_identity<Ts>{}) || ...);
  return good;
}

}  // namespace sb::wire
