using Pyvene.Typed.Tokenization;
using Pyvene.Typed.Tokenization.Normalizers;
using Pyvene.Typed.Tokenization.Text;

namespace Pyvene.Typed.Tests.Tokenization;

public sealed class UnicodeNormalizerTests
{
    // From the conformance test of Unicode (NormalizationTest.txt): source, NFC, NFD, NFKC, NFKD.
    [Theory]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307", "D\u0323\u0307", "\u1E0C\u0307", "D\u0323\u0307")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\uAC01", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\uFB01", "\uFB01", "\uFB01", "fi", "fi")]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]
    [InlineData(
        "a\u0315\u0300\u05AE\u0300b", "\u00E0\u05AE\u0300\u0315b", "a\u05AE\u0300\u0300\u0315b", "\u00E0\u05AE\u0300\u0315b", "a\u05AE\u0300\u0300\u0315b")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\uFDFA", "\uFDFA", "\uFDFA", "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645",
        "\u0635\u0644\u0649 \u0627\u0644\u0644\u0647 \u0639\u0644\u064A\u0647 \u0648\u0633\u0644\u0645")]
    public void FormsAreThoseOfUnicode(string source, string nfc, string nfd, string nfkc, string nfkd)
    {
        Assert.Equal(nfc, new UnicodeNormalizer(UnicodeForm.Nfc).Normalize(source));
        Assert.Equal(nfd, new UnicodeNormalizer(UnicodeForm.Nfd).Normalize(source));
        Assert.Equal(nfkc, new UnicodeNormalizer(UnicodeForm.Nfkc).Normalize(source));
        Assert.Equal(nfkd, new UnicodeNormalizer(UnicodeForm.Nfkd).Normalize(source));
    }

    [Fact]
    public void DecomposedPartsStandForTheirCharacter()
    {
        var text = AlignedText.Create("xé🙂ﬁ".ToCharArray(), new TextSpan(0, 5), tracksOffsets: true);
        new UnicodeNormalizer(UnicodeForm.Nfkd).Apply(text);
        var piece = Assert.Single(text.Pieces);
        Assert.Equal("xe\u0301🙂fi", text.Characters(piece).ToString());
        Assert.Equal(
            [new(0, 1), new(1, 2), new(1, 2), new(2, 4), new(2, 4), new(4, 5), new(4, 5)],
            Enumerable.Range(0, piece.Length).Select(index => text.Origin(index, index + 1)));
    }
}
