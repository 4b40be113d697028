#include "net/ws_frame.h"

#include <gtest/gtest.h>

#include "wire.h"

namespace sb::net {
namespace {

using test::client_frame;

struct Recorder : WsDecoder::Sink {
  bool on_message(std::string_view payload, bool binary) override {
    log += (binary ? "b:" : "t:") + std::string(payload) + ";";
    return payload != "stop";
  }
  bool on_ping(std::string_view payload) override {
    log += "ping:" + std::string(payload) + ";";
    return true;
  }
  void on_pong(std::string_view payload) override { log += "pong:" + std::string(payload) + ";"; }
  void on_close_frame(std::uint16_t code, std::string_view reason) override {
    log += "close:" + std::to_string(code) + ":" + std::string(reason) + ";";
  }
  std::string log;
};

TEST(WsFrame, HeaderLengthsAtTheBorders) {
  const struct {
    std::uint64_t payload;
    std::size_t header;
  } kTable[] = {{0, 2}, {125, 2}, {126, 4}, {65'535, 4}, {65'536, 10}, {1ULL << 40, 10}};
  for (const auto& row : kTable) {
    std::array<std::uint8_t, kWsHeaderBytesMax> out{};
    ASSERT_EQ(write_ws_header(out, WsOpcode::binary, row.payload), row.header);
    // With the mask bit and a mask it is what a client sends.
    out[1] |= 0x80;
    std::string bytes(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(row.header));
    bytes += "mask";
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
      const auto partial = read_ws_header(std::string_view(bytes).substr(0, cut));
      ASSERT_TRUE(partial);
      EXPECT_FALSE(partial->has_value());
    }
    const auto header = read_ws_header(bytes);
    ASSERT_TRUE(header && header->has_value());
    EXPECT_EQ((*header)->payload_bytes, row.payload);
    EXPECT_EQ((*header)->header_bytes, row.header + 4);
    EXPECT_TRUE((*header)->fin);
  }
}

TEST(WsFrame, UnmasksAnyLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string plain(size, 'q');
    std::string frame = client_frame(0x82, plain);
    const auto header = read_ws_header(frame);
    ASSERT_TRUE(header && header->has_value());
    unmask_ws_payload(std::span(frame).subspan((*header)->header_bytes), (*header)->mask);
    EXPECT_EQ(frame.substr((*header)->header_bytes), plain);
  }
}

TEST(WsDecoder, SameResultHoweverTheBytesAreCut) {
  const std::string bytes = client_frame(0x81, "one") + client_frame(0x02, "two") + client_frame(0x89, "p") +
                            client_frame(0x00, "") + client_frame(0x80, "+") + client_frame(0x8a, "q") +
                            client_frame(0x81, std::string(300, 'l')) + client_frame(0x88, "\x0f\xa0why");
  const std::string expected = "t:one;ping:p;b:two+;pong:q;t:" + std::string(300, 'l') + ";close:4000:why;";
  for (std::size_t step = 1; step <= bytes.size(); ++step) {
    WsDecoder decoder(1000);
    Recorder seen;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      std::string piece = bytes.substr(at, step);
      ASSERT_TRUE(decoder.feed(piece, seen));
    }
    EXPECT_EQ(seen.log, expected) << step;
    EXPECT_LE(decoder.held_bytes(), 2 * 512u);
  }
}

TEST(WsDecoder, NothingAfterStopOrClose) {
  for (const std::string& last : {client_frame(0x81, "stop"), client_frame(0x88, "")}) {
    WsDecoder decoder(1000);
    Recorder seen;
    std::string bytes = last + client_frame(0x81, "after");
    ASSERT_TRUE(decoder.feed(bytes, seen));
    std::string more = client_frame(0x81, "later");
    ASSERT_TRUE(decoder.feed(more, seen));
    EXPECT_EQ(seen.log.find("after"), std::string::npos);
    EXPECT_EQ(seen.log.find("later"), std::string::npos);
  }
}

TEST(WsDecoder, ADeclaredLengthAloneCannotMakeItHoldMemory) {
  WsDecoder decoder(1000);
  Recorder seen;
  std::string huge = client_frame(0x82, std::string(70'000, 'x')).substr(0, 14);
  EXPECT_EQ(decoder.feed(huge, seen).error(), 1009);
  EXPECT_LE(decoder.held_bytes(), 512u);
}

}  // namespace
}  // namespace sb::net
