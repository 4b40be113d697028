// HttpParser: never crashes, gives no request with a body above its limit or a header above its own, and sees the same
// requests however the bytes are cut. The first byte chooses the cut.
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

#include "net/http_parser.h"

namespace {

constexpr std::size_t kHeaderBytesMax = 512;
constexpr std::size_t kBodyBytesMax = 300;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string text_of(sb::net::HttpParser& parser) {
  const bool keeps = parser.keep_alive();
  const sb::net::Request request = parser.take();
  require(request.body.size() <= kBodyBytesMax);
  std::string text = request.method + ' ' + request.target + '\n';
  std::size_t header_bytes = 0;
  for (const auto& [name, value] : request.headers) {
    require(value.find('\n') == std::string::npos && name.find_first_of(" :\r\n") == std::string::npos);
    header_bytes += name.size() + value.size();
    text += name + '=' + value + '\n';
  }
  require(header_bytes <= 2 * kHeaderBytesMax);  // the first line and the fields are counted apart
  return text + std::to_string(request.body.size()) + ':' + request.body + (keeps ? "+" : "-");
}

// The requests of one connection.
std::string parse(std::string_view bytes, std::size_t cut) {
  using Step = sb::net::HttpParser::Step;
  std::string log;
  std::string held;  // as a connection would: what was not used comes again
  std::size_t at = 0;
  auto live = std::make_unique<sb::net::HttpParser>(kHeaderBytesMax);
  for (;;) {
    const auto progress = live->feed(held);
    held.erase(0, progress.used);
    Step step = progress.step;
    if (step == Step::header_done) {
      require(!live->target().empty());
      step = live->begin_body(kBodyBytesMax);
      if (step == Step::need_more) continue;
    }
    if (step == Step::done) {
      log += text_of(*live);
      live = std::make_unique<sb::net::HttpParser>(kHeaderBytesMax);
      continue;
    }
    if (step != Step::need_more) return log;  // when it is refused may depend on the cut, what went before does not
    if (at == bytes.size()) return log;
    const std::size_t more = std::min(cut, bytes.size() - at);
    held += bytes.substr(at, more);
    at += more;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string cut = parse(bytes, std::size_t{data[0]} + 1);
  const std::string whole = parse(bytes, std::max<std::size_t>(bytes.size(), 1));
  require(bytes.size() > kHeaderBytesMax || cut == whole);  // the limit of a header may fall elsewhere
  return 0;
}
