#pragma once
// One REST request on its way: who asks, for what, and the right to answer it. And the small readers of JSON bodies.
#include <boost/json.hpp>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crm/profile.h"
#include "engine/center.h"
#include "net/form.h"
#include "net/http.h"
#include "proto/types.h"

namespace sb::console {

// {"error":{"code","message","field"?}}
struct ApiError {
  unsigned status = 400;
  std::string code;
  std::string message;
  std::string field{};
  std::uint32_t retry_after_s = 1;  // said with a 429
  std::uint32_t line = 0;           // of the text in that field; 0: none

  [[nodiscard]] std::string json() const;
  [[nodiscard]] net::Response response() const;
};

[[nodiscard]] ApiError bad_field(std::string field, std::string message);
[[nodiscard]] ApiError bad_field(const crm::FieldError& error);
[[nodiscard]] ApiError refused(Rejection rejection);
[[nodiscard]] ApiError busy();
[[nodiscard]] ApiError records_unavailable();

// Answers once; dropped without an answer it answers 500. Owner: the edge thread, or the worker it was handed to.
struct RestCall {
  net::Request request;
  net::Reply reply;
  const engine::AgentInfo* who = nullptr;  // null: a program with a key, or nobody where nobody need be known
  std::string id{};                        // the variable part of the path
  std::uint64_t number = 0;                // the same as a number, where it must be one
  net::Form query{};

  [[nodiscard]] AgentId agent() const { return who ? who->id : AgentId{}; }
  // The client's idempotency key made the caller's and the path's own; empty: none was sent.
  [[nodiscard]] std::string idempotency_key() const;

  void answer(net::Response response);
  void answer(unsigned status, std::string json);
  void refuse(const ApiError& error) { answer(error.response()); }
};
using CallPtr = std::shared_ptr<RestCall>;

template <class T>
using Result = std::expected<T, ApiError>;

[[nodiscard]] Result<boost::json::object> parse_object(std::string_view body);
[[nodiscard]] std::optional<ApiError> only_fields(const boost::json::object& object,
                                                  std::initializer_list<std::string_view> known);
// Missing fields are nothing; wrong types and ranges are errors that name the field.
[[nodiscard]] Result<std::optional<std::string_view>> text_field(const boost::json::object& object,
                                                                 std::string_view name, std::size_t bytes_max);
[[nodiscard]] Result<std::optional<std::int64_t>> integer_field(const boost::json::object& object,
                                                                std::string_view name, std::int64_t from,
                                                                std::int64_t to);
[[nodiscard]] Result<std::uint64_t> required_id(const boost::json::object& object, std::string_view name);

// A number of the query string; `fallback` when it is absent.
[[nodiscard]] Result<std::uint64_t> query_number(const net::Form& query, std::string_view name, std::uint64_t fallback);
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);

inline constexpr std::int64_t kIdMax = (std::int64_t{1} << 53) - 1;  // what a JSON number holds exactly

}  // namespace sb::console
