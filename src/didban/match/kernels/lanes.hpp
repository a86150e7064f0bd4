// Many forms compared with one at a time: AVX2 where the processor has it, found out at run time;
// one pair after another where it has not. Both give the same numbers.
#pragma once

#include <cstring>

#include "sounds.hpp"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))
#define DIDBAN_X86 1
#define DIDBAN_AVX2 __attribute__((target("avx2")))
#include <immintrin.h>
#endif

namespace didban {

constexpr int kLanes = 32;  // pairs in one step of `distances`
constexpr int kMost = 255;  // a distance in lanes is a byte: this one stands for itself and all above

inline bool has_lanes() {
#ifdef DIDBAN_X86
    return __builtin_cpu_supports("avx2");
#else
    return false;
#endif
}

namespace portable {

inline void distances(const Costs &costs, const uint8_t *a, int la, const uint8_t *codes, const uint8_t *lengths,
                      const uint32_t *forms, int n, int table, uint8_t *out) {
    for (int k = 0; k < n; ++k) {
        const uint8_t *b = codes + size_t(forms[k]) * kRow;
        out[k] = uint8_t(std::min(kMost, distance(costs, a, la, b, lengths[forms[k]], table)));
    }
}

inline size_t near_masks(const uint32_t *mask, uint32_t from, uint32_t to, uint32_t own, uint32_t most, uint32_t *out) {
    size_t n = 0;
    for (uint32_t f = from; f < to; ++f) out[n] = f, n += ones(mask[f] ^ own) <= most;
    return n;
}

inline size_t near_edits(const Places &places, int la, const uint8_t *codes, int lb, int most, uint32_t *forms,
                         size_t n) {
    size_t kept = 0;
    for (size_t k = 0; k < n; ++k)
        if (edits(places, la, codes + size_t(forms[k]) * kRow, lb) <= most) forms[kept++] = forms[k];
    return kept;
}

}  // namespace portable

#ifdef DIDBAN_X86
namespace avx2 {

// Sixteen rows of sixteen bytes become sixteen columns: four times, row i and row i + 8 are zipped.
DIDBAN_AVX2 inline void transpose(__m128i (&rows)[16]) {
    __m128i other[16];
    for (int i = 0; i < 8; ++i) {
        other[2 * i] = _mm_unpacklo_epi8(rows[i], rows[i + 8]);
        other[2 * i + 1] = _mm_unpackhi_epi8(rows[i], rows[i + 8]);
    }
    for (int i = 0; i < 8; ++i) {
        rows[2 * i] = _mm_unpacklo_epi8(other[i], other[i + 8]);
        rows[2 * i + 1] = _mm_unpackhi_epi8(other[i], other[i + 8]);
    }
    for (int i = 0; i < 8; ++i) {
        other[2 * i] = _mm_unpacklo_epi8(rows[i], rows[i + 8]);
        other[2 * i + 1] = _mm_unpackhi_epi8(rows[i], rows[i + 8]);
    }
    for (int i = 0; i < 8; ++i) {
        rows[2 * i] = _mm_unpacklo_epi8(other[i], other[i + 8]);
        rows[2 * i + 1] = _mm_unpackhi_epi8(other[i], other[i + 8]);
    }
}

DIDBAN_AVX2 inline void columns(const uint8_t *codes, const uint32_t *forms, int n, __m128i (&out)[16]) {
    for (int k = 0; k < 16; ++k)
        out[k] = k < n ? _mm_loadu_si128(reinterpret_cast<const __m128i *>(codes + size_t(forms[k]) * kRow))
                       : _mm_setzero_si128();
    transpose(out);
}

// A table of 32 bytes, looked up by the sounds of all lanes at once.
struct Table {
    __m256i low, high;

    DIDBAN_AVX2 explicit Table(const uint8_t *at)
        : low(_mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i *>(at)))),
          high(_mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i *>(at + 16)))) {}

    DIDBAN_AVX2 __m256i of(__m256i sounds, __m256i is_high) const {
        return _mm256_blendv_epi8(_mm256_shuffle_epi8(low, sounds), _mm256_shuffle_epi8(high, sounds), is_high);
    }
};

DIDBAN_AVX2 inline void distances(const Costs &costs, const uint8_t *a, int la, const uint8_t *codes,
                                  const uint8_t *lengths, const uint32_t *forms, int n, int table, uint8_t *out) {
    __m128i halves[2][16];
    columns(codes, forms, std::min(n, 16), halves[0]);
    columns(codes, forms + 16, n - 16, halves[1]);
    int lb = 0;
    for (int k = 0; k < n; ++k) lb = std::max<int>(lb, lengths[forms[k]]);
    __m256i sound[kRow], is_high[kRow], add[kRow], rows[3][kRow + 1];
    __m256i *before = rows[0], *row = rows[1], *current = rows[2];
    const Table insertion(costs.insertion[table]);
    row[0] = _mm256_setzero_si256();
    for (int j = 0; j < lb; ++j) {
        sound[j] = _mm256_set_m128i(halves[1][j], halves[0][j]);
        is_high[j] = _mm256_cmpgt_epi8(sound[j], _mm256_set1_epi8(15));
        add[j] = insertion.of(sound[j], is_high[j]);
        row[j + 1] = _mm256_adds_epu8(row[j], add[j]);
    }
    const __m256i swap = _mm256_set1_epi8(kTransposition);
    for (int i = 0; i < la; ++i) {
        const Table instead(costs.substitution[table] + a[i] * kSymbols);
        const __m256i drop = _mm256_set1_epi8(char(costs.insertion[table][a[i]]));
        const __m256i here = _mm256_set1_epi8(char(a[i])), last = _mm256_set1_epi8(char(i ? a[i - 1] : 127));
        __m256i left = current[0] = _mm256_adds_epu8(row[0], drop);
        for (int j = 0; j < lb; ++j) {
            __m256i cost = _mm256_adds_epu8(row[j], instead.of(sound[j], is_high[j]));
            cost = _mm256_min_epu8(cost, _mm256_adds_epu8(row[j + 1], drop));
            if (i && j) {  // lanes that are not swapped get the highest cost
                const __m256i swapped = _mm256_and_si256(_mm256_cmpeq_epi8(sound[j], last),
                                                         _mm256_cmpeq_epi8(sound[j - 1], here));
                const __m256i other = _mm256_adds_epu8(before[j - 1], swap);
                cost = _mm256_min_epu8(cost, _mm256_or_si256(other, _mm256_xor_si256(swapped, _mm256_set1_epi8(-1))));
            }
            left = current[j + 1] = _mm256_min_epu8(cost, _mm256_adds_epu8(left, add[j]));
        }
        __m256i *spare = before;
        before = row, row = current, current = spare;
    }
    alignas(32) uint8_t costs_by_length[kRow + 1][kLanes];
    for (int j = 0; j <= lb; ++j) _mm256_store_si256(reinterpret_cast<__m256i *>(costs_by_length[j]), row[j]);
    for (int k = 0; k < n; ++k) out[k] = costs_by_length[lengths[forms[k]]][k];
}

DIDBAN_AVX2 inline size_t near_masks(const uint32_t *mask, uint32_t from, uint32_t to, uint32_t own, uint32_t most,
                                     uint32_t *out) {
    const __m256i nibble = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1,
                                            2, 2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15), wanted = _mm256_set1_epi32(int(own));
    const __m256i limit = _mm256_set1_epi32(int(most));
    size_t n = 0;
    uint32_t f = from;
    for (; f + 8 <= to; f += 8) {
        const __m256i x =
            _mm256_xor_si256(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(mask + f)), wanted);
        const __m256i bytes =
            _mm256_add_epi8(_mm256_shuffle_epi8(nibble, _mm256_and_si256(x, low)),
                            _mm256_shuffle_epi8(nibble, _mm256_and_si256(_mm256_srli_epi16(x, 4), low)));
        const __m256i sums = _mm256_madd_epi16(_mm256_maddubs_epi16(bytes, _mm256_set1_epi8(1)), _mm256_set1_epi16(1));
        unsigned near = ~unsigned(_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(sums, limit)))) & 0xFF;
        for (; near; near &= near - 1) out[n++] = f + uint32_t(__builtin_ctz(near));
    }
    return n + portable::near_masks(mask, f, to, own, most, out + n);
}

// As `edits`, sixteen forms of one length at a time: a form has at most sixteen sounds.
DIDBAN_AVX2 inline size_t near_edits(const Places &places, int la, const uint8_t *codes, int lb, int most,
                                     uint32_t *forms, size_t n) {
    alignas(16) uint8_t low[kSymbols], high[kSymbols];
    for (int c = 0; c < kSymbols; ++c) low[c] = uint8_t(places.at[c]), high[c] = uint8_t(places.at[c] >> 8);
    const auto *low_at = reinterpret_cast<const __m128i *>(low), *high_at = reinterpret_cast<const __m128i *>(high);
    const __m128i low0 = _mm_load_si128(low_at), low1 = _mm_load_si128(low_at + 1);
    const __m128i high0 = _mm_load_si128(high_at), high1 = _mm_load_si128(high_at + 1);
    const __m256i last = _mm256_set1_epi16(short(1 << (la - 1))), ones = _mm256_set1_epi16(-1);
    size_t kept = 0;
    for (size_t from = 0; from < n; from += 16) {
        const int own = int(std::min<size_t>(16, n - from));
        __m128i column[16];
        columns(codes, forms + from, own, column);
        __m256i up = ones, down = _mm256_setzero_si256(), diagonal = down, previous = down;
        __m256i cost = _mm256_set1_epi16(short(la));
        for (int j = 0; j < lb; ++j) {
            const __m128i is_high = _mm_cmpgt_epi8(column[j], _mm_set1_epi8(15));
            const __m128i l = _mm_blendv_epi8(_mm_shuffle_epi8(low0, column[j]), _mm_shuffle_epi8(low1, column[j]), is_high);
            const __m128i h = _mm_blendv_epi8(_mm_shuffle_epi8(high0, column[j]), _mm_shuffle_epi8(high1, column[j]), is_high);
            const __m256i here = _mm256_set_m128i(_mm_unpackhi_epi8(l, h), _mm_unpacklo_epi8(l, h));
            const __m256i swapped =
                _mm256_and_si256(_mm256_slli_epi16(_mm256_andnot_si256(diagonal, here), 1), previous);
            diagonal = _mm256_xor_si256(_mm256_add_epi16(_mm256_and_si256(here, up), up), up);
            diagonal = _mm256_or_si256(_mm256_or_si256(diagonal, here), _mm256_or_si256(down, swapped));
            __m256i right = _mm256_or_si256(down, _mm256_andnot_si256(_mm256_or_si256(diagonal, up), ones));
            __m256i left = _mm256_and_si256(diagonal, up);
            cost = _mm256_sub_epi16(cost, _mm256_cmpeq_epi16(_mm256_and_si256(right, last), last));
            cost = _mm256_add_epi16(cost, _mm256_cmpeq_epi16(_mm256_and_si256(left, last), last));
            right = _mm256_or_si256(_mm256_slli_epi16(right, 1), _mm256_set1_epi16(1));
            left = _mm256_slli_epi16(left, 1);
            up = _mm256_or_si256(left, _mm256_andnot_si256(_mm256_or_si256(diagonal, right), ones));
            down = _mm256_and_si256(right, diagonal);
            previous = here;
        }
        const __m256i far = _mm256_cmpgt_epi16(cost, _mm256_set1_epi16(short(most)));
        const uint32_t is_far = uint32_t(_mm256_movemask_epi8(far));
        for (int k = 0; k < own; ++k)
            if (!(is_far >> (2 * k) & 1)) forms[kept++] = forms[from + k];
    }
    return kept;
}

}  // namespace avx2
#endif

// The functions above, chosen once for an index.
struct Comparison {
    decltype(&portable::distances) distances = portable::distances;
    decltype(&portable::near_masks) near_masks = portable::near_masks;
    decltype(&portable::near_edits) near_edits = portable::near_edits;

    explicit Comparison(bool in_lanes) {
#ifdef DIDBAN_X86
        if (in_lanes && has_lanes())
            distances = avx2::distances, near_masks = avx2::near_masks, near_edits = avx2::near_edits;
#else
        (void)in_lanes;
#endif
    }
};

}  // namespace didban
