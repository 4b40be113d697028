// HttpParser given its bytes in every way that a socket may give them.
#include "net/http_parser.h"

#include <gtest/gtest.h>

namespace sb::net {
namespace {

// As a connection would: what was not used comes again, with more behind it.
std::string body_of(std::string_view bytes, std::size_t first, std::size_t second) {
  HttpParser parser(1000);
  std::string held;
  for (const std::string_view piece :
       {bytes.substr(0, first), bytes.substr(first, second), bytes.substr(first + second)}) {
    held += piece;
    for (bool more = true; more;) {
      const auto progress = parser.feed(held);
      held.erase(0, progress.used);
      HttpParser::Step step = progress.step;
      more = step == HttpParser::Step::header_done;
      if (more) step = parser.begin_body(1000);
      if (step == HttpParser::Step::done) return parser.take().body;
      EXPECT_EQ(step, HttpParser::Step::need_more);
    }
  }
  return "not done";
}

TEST(HttpParser, ReadsChunkedBodiesInWhateverPieces) {
  const std::string head = "POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const auto& [chunks, body] : {std::pair<std::string, std::string>{"0\r\n\r\n", ""},
                                     {"2\r\nok\r\n0\r\n\r\n", "ok"},
                                     {"1\r\na\r\n1;x=y\r\nb\r\n0\r\nT: v\r\n\r\n", "ab"}}) {
    const std::string bytes = head + chunks;
    for (std::size_t first = 1; first < bytes.size(); ++first) {
      for (std::size_t second = 1; second <= 3; ++second) {
        if (first + second > bytes.size()) continue;
        EXPECT_EQ(body_of(bytes, first, second), body) << first << " and " << second << " bytes, then the rest";
      }
    }
  }
}

}  // namespace
}  // namespace sb::net
