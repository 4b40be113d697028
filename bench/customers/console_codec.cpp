#include "bench/customers/console_codec.h"

#include <google/protobuf/io/coded_stream.h>

namespace sb::customers {
using google::protobuf::io::CodedInputStream;
using google::protobuf::io::CodedOutputStream;

void append_delimited(std::string& out, const google::protobuf::MessageLite& message) {
  const auto length = static_cast<google::protobuf::uint32>(message.ByteSizeLong());
  std::uint8_t prefix[5];
  const auto* end = CodedOutputStream::WriteVarint32ToArray(length, prefix);
  const auto prefix_length = static_cast<std::size_t>(end - prefix);
  const std::size_t at = out.size();
  out.resize(at + prefix_length + length);
  std::copy(prefix, prefix + prefix_length, out.begin() + static_cast<std::ptrdiff_t>(at));
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out.data() + at + prefix_length));
}

bool read_frames(std::string_view bytes, Frame& reused, const std::function<void(const Frame&)>& take) {
  while (!bytes.empty()) {
    CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
    google::protobuf::uint32 length = 0;
    if (!in.ReadVarint32(&length)) return false;
    const auto start = static_cast<std::size_t>(in.CurrentPosition());
    if (length > bytes.size() - start) return false;
    if (!reused.ParseFromArray(bytes.data() + start, static_cast<int>(length))) return false;
    take(reused);
    bytes.remove_prefix(start + length);
  }
  return true;
}

}  // namespace sb::customers
