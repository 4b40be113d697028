#pragma once
#include <string>

namespace sb::net::test {

// A self-signed certificate for `name` (and, if it is one, that IP address), written into a directory of its own
// that goes with the object.
class Certificate {
 public:
  explicit Certificate(const std::string& name);
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  [[nodiscard]] std::string certificate_file() const { return directory_ + "/certificate.pem"; }
  [[nodiscard]] std::string key_file() const { return directory_ + "/key.pem"; }

 private:
  std::string directory_;
};

}  // namespace sb::net::test
