#pragma once
// Runs a script (README.md of this folder) on a driver and says where the two disagree.
#include <istream>

#include "tests/script/driver.h"
#include "tests/script/speech.h"

namespace sb::script {

class Runner {
 public:
  explicit Runner(Driver& driver) : driver_(driver) {}
  // Runs to the end, then crashes and restarts once more. Throws ScriptError naming the line.
  void run(std::istream& script);

 private:
  struct Expectation {
    int line = 0;
    std::vector<std::string> words;  // without "expect"
  };
  struct Step {
    int line = 0;
    TimeMs time_ms = kStart;
    std::vector<std::string> words;
    std::vector<Expectation> expected;
    bool is_query = false;
    std::vector<std::string> answer;  // expected lines of a query
  };

  [[nodiscard]] static std::vector<Step> read(std::istream& script);
  void run(const Step& step);
  void check(const Step& step, const std::vector<TimedEvent>& events, std::size_t fired,
             const routing::Outcome& outcome);
  void match(const std::vector<std::string>& words, const Event& event);
  [[nodiscard]] std::vector<std::string> query(const std::vector<std::string>& words) const;
  [[nodiscard]] std::string transcript(const std::vector<TimedEvent>& events, const routing::Outcome& outcome) const;

  Driver& driver_;
  Speech speech_;
};

}  // namespace sb::script
