// The coarse keys of a form: the compiled twin of `didban.match.spelling.keys`.
#pragma once

#include <algorithm>
#include <cstdint>

namespace didban {

constexpr int kMostKeys = 16, kEnoughKeys = 8;
constexpr uint64_t kLongestKey = 100000000000000;  // a key of fifteen digits does not grow

// The key without alternatives: the phonetic class of a form.
inline uint64_t primary_key(const uint8_t *codes, int length, const uint8_t *primary) {
    uint64_t key = 0;
    uint8_t before = 0;
    for (int i = 0; i < length; ++i) {
        const uint8_t digit = primary[codes[i]];
        if (digit && digit != before && key < kLongestKey) key = key * 10 + digit;
        before = digit;
    }
    return key;
}

class Keys {
  public:
    uint64_t key[kMostKeys];
    int count = 0;

    Keys(const uint8_t *codes, int length, bool unvocalised, const uint8_t *primary, const uint8_t *secondary) {
        key[0] = 0, before_[0] = 0, count = 1;
        for (int i = 0; i < length; ++i) {
            const uint8_t first = primary[codes[i]], second = count < kEnoughKeys ? secondary[codes[i]] : first;
            Keys longer;
            for (int k = 0; k < count; ++k) {
                longer.put(key[k], before_[k], first);
                if (second != first) longer.put(key[k], before_[k], second);
            }
            if (unvocalised && longer.count < kEnoughKeys)  // an unwritten vowel may part the two
                for (int k = 0; k < count; ++k)
                    if (before_[k] == first || before_[k] == second) longer.put(key[k], 0, before_[k]);
            *this = longer;
        }
        std::sort(key, key + count);
        count = int(std::unique(key, key + count) - key);
    }

  private:
    uint8_t before_[kMostKeys];  // the class of the sound before

    Keys() = default;

    void put(uint64_t so_far, uint8_t before, uint8_t digit) {
        if (digit && digit != before && so_far < kLongestKey) so_far = so_far * 10 + digit;
        for (int k = 0; k < count; ++k)
            if (key[k] == so_far && before_[k] == digit) return;
        key[count] = so_far, before_[count++] = digit;
    }
};

}  // namespace didban
