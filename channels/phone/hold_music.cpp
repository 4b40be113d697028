#include "channels/phone/hold_music.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

namespace sb::phone {
namespace {

constexpr std::uint32_t kRate = 8'000;  // what a phone line carries
constexpr std::uint32_t kChordSamples = 4 * kRate;
constexpr std::uint32_t kNoteSamples = kRate / 2;
constexpr std::uint32_t kRingSamples = 3 * kRate;  // how long a plucked note sounds

// C, A minor, F, G: a bass note and the triad an octave above, as equal-tempered steps from A4.
constexpr std::array<std::array<int, 4>, 4> kChords{
    {{-21, -9, -5, -2}, {-24, -12, -9, -5}, {-16, -4, 0, 3}, {-14, -2, 2, 5}}};
constexpr std::array<int, 8> kPattern{0, 1, 2, 3, 2, 3, 1, 2};

double frequency_of(int steps_from_a4) {
  return 440.0 * std::pow(2.0, steps_from_a4 / 12.0);
}

// A soft pluck: a few harmonics under a decaying envelope with a short attack. It wraps around the end, so that the
// loop has no seam.
void pluck(std::vector<double>& out, std::size_t start, double hertz, double volume) {
  for (std::size_t n = 0; n < kRingSamples; ++n) {
    const double t = static_cast<double>(n) / kRate;
    const double attack = std::min(1.0, t / 0.015);
    const double release = std::min(1.0, static_cast<double>(kRingSamples - n) / (kRate * 0.2));
    const double envelope = attack * release * std::exp(-1.6 * t);
    const double phase = 2.0 * std::numbers::pi * hertz * t;
    const double wave = std::sin(phase) + 0.35 * std::sin(2 * phase) + 0.1 * std::sin(3 * phase);
    out[(start + n) % out.size()] += volume * envelope * wave;
  }
}

// ITU-T G.711 mu-law.
std::uint8_t mu_law(std::int16_t sample) {
  constexpr int kBias = 0x84;
  constexpr int kClip = 32'635;
  const int sign = sample < 0 ? 0x80 : 0;
  const int magnitude = std::min(std::abs(static_cast<int>(sample)), kClip) + kBias;
  int exponent = 7;
  for (int mask = 0x4000; (magnitude & mask) == 0 && exponent > 0; mask >>= 1) --exponent;
  const int mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return static_cast<std::uint8_t>(~(sign | (exponent << 4) | mantissa));
}

void put_le(std::string& out, std::uint32_t value, int bytes) {
  for (int n = 0; n < bytes; ++n) out.push_back(static_cast<char>(value >> (8 * n)));
}

std::string wav_header(std::uint32_t samples) {
  constexpr std::uint32_t kMuLawFormat = 7;
  std::string out = "RIFF";
  put_le(out, 4 + 26 + 12 + 8 + samples, 4);
  out += "WAVEfmt ";
  put_le(out, 18, 4);
  put_le(out, kMuLawFormat, 2);
  put_le(out, 1, 2);      // channels
  put_le(out, kRate, 4);  // samples a second
  put_le(out, kRate, 4);  // bytes a second
  put_le(out, 1, 2);      // bytes a sample
  put_le(out, 8, 2);      // bits a sample
  put_le(out, 0, 2);      // no extension
  out += "fact";
  put_le(out, 4, 4);
  put_le(out, samples, 4);
  out += "data";
  put_le(out, samples, 4);
  return out;
}

}  // namespace

std::string make_hold_music() {
  std::vector<double> music(kChords.size() * kChordSamples);
  for (std::size_t chord = 0; chord < kChords.size(); ++chord) {
    for (std::size_t beat = 0; beat < kPattern.size(); ++beat) {
      const auto note = static_cast<std::size_t>(kPattern[beat]);
      const double volume = note == 0 ? 0.9 : 0.6;
      pluck(music, chord * kChordSamples + beat * kNoteSamples, frequency_of(kChords[chord][note]), volume);
    }
  }
  double peak = 0;
  for (const double s : music) peak = std::max(peak, std::abs(s));
  std::string out = wav_header(static_cast<std::uint32_t>(music.size()));
  for (const double s : music) {
    out.push_back(static_cast<char>(mu_law(static_cast<std::int16_t>(s / peak * 14'000))));
  }
  return out;
}

}  // namespace sb::phone
