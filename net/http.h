#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sb::net {

// Header fields in the order they were seen. Names compare without regard to ASCII case.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  // True if any field `name` holds `token` in its comma separated list ("Connection: keep-alive, Upgrade").
  [[nodiscard]] bool has_token(std::string_view name, std::string_view token) const;
  void add(std::string name, std::string value) { fields_.emplace_back(std::move(name), std::move(value)); }
  void set(std::string_view name, std::string value);  // replaces every field of that name
  void reserve(std::size_t count) { fields_.reserve(count); }
  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }

 private:
  std::vector<Field> fields_;
};

[[nodiscard]] bool equal_ignoring_case(std::string_view left, std::string_view right);

// A complete request. `path` is the raw (still percent-encoded) path, `query` what follows '?', both from `target`.
struct Request {
  std::string method;
  std::string target;
  std::string path;
  std::string query;
  Headers headers;
  std::string body;
  std::string remote_address;  // without port; from X-Forwarded-For only if the peer is a trusted proxy
  bool tls = false;            // the customer's side of the connection is encrypted

  void set_target(std::string value);  // fills target, path and query
};

// The server adds Content-Length, Date and Connection itself.
struct Response {
  unsigned status = 200;
  Headers headers{};
  std::string body{};

  [[nodiscard]] static Response text(unsigned status, std::string body);
  [[nodiscard]] static Response json(unsigned status, std::string body);
  [[nodiscard]] static Response empty(unsigned status);
  // {"error":{"code":"...","message":"..."}}
  [[nodiscard]] static Response error(unsigned status, std::string_view code, std::string_view message);
};

// The standard phrase of a status code; "Unknown" for others.
[[nodiscard]] std::string_view reason_phrase(unsigned status);

// The right to answer one request, once, from any thread. Dropped without an answer it answers 500.
class Reply {
 public:
  using Deliver = std::move_only_function<void(Response)>;

  explicit Reply(Deliver deliver) : deliver_(std::move(deliver)) {}
  Reply(Reply&& other) noexcept : deliver_(std::exchange(other.deliver_, nullptr)) {}
  Reply& operator=(Reply&& other) noexcept;
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;
  ~Reply() { drop(); }

  void operator()(Response response);
  [[nodiscard]] explicit operator bool() const { return static_cast<bool>(deliver_); }

 private:
  void drop() noexcept;
  Deliver deliver_;
};

}  // namespace sb::net
