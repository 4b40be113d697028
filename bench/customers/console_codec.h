#pragma once
// The console's protobuf messages as they travel: a sequence in one websocket message, each preceded by its varint
// length. Any thread.
#include <functional>
#include <string>
#include <string_view>

#include "proto/console.pb.h"

namespace sb::customers {

using Frame = switchboard::console::Frame;
using Request = switchboard::console::Request;

void append_delimited(std::string& out, const google::protobuf::MessageLite& message);

// Calls `take` with each frame, which is only valid during the call (it is reused). False when the bytes are not a
// sequence of frames; the ones before the fault have been taken.
[[nodiscard]] bool read_frames(std::string_view bytes, Frame& reused, const std::function<void(const Frame&)>& take);

}  // namespace sb::customers
