using System.Text.RegularExpressions;

namespace Pyvene.Typed.Lab.Tests;

public sealed class PictureTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    private static Picture Any => Tables.OfTokens(0, Tables.Values(2, 5, (row, column) => row * column), Tables.Tokens).HeatMap();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void ThePageNamesNoOtherAddress()
    {
        var page = Any.ToHtml();
        var addresses = Regex.Matches(page, "[a-z]+://[^\"'<> ]*").Select(match => match.Value).Distinct();
        Assert.Equal(["http://www.w3.org/2000/svg"], addresses); // a name, not an address
        Assert.DoesNotMatch("(?i)(src|href|url|import|fetch)\\s*[=(]", page);
        Assert.DoesNotContain(Parsed.Of(page).Named("link"), _ => true);
    }

    [Fact]
    public void LightAndDarkAreInTheDrawingItself()
    {
        var style = Parsed.Of(Any.ToSvg()).Named("style").Single().Value;
        Assert.Contains(".p16{fill:#8f2d04}", style, StringComparison.Ordinal);
        Assert.Matches("prefers-color-scheme:dark\\)\\{[^@]*\\.p16\\{fill:#ffc08a\\}", style);
        Assert.DoesNotContain(".n16", style, StringComparison.Ordinal); // no colour that it does not use
    }

    [Fact]
    public void AFileIsWrittenUnderItsOwnEndingOnly()
    {
        var path = Path.Combine(folder, "a.html");
        Any.SaveHtml(path);
        Assert.Equal(Any.ToHtml(), File.ReadAllText(path));
        Any.SaveSvg(Path.Combine(folder, "a.svg"));
        Assert.Equal("svg", Parsed.Of(File.ReadAllText(Path.Combine(folder, "a.svg"))).Name.LocalName);
        var error = Assert.Throws<ArgumentException>(() => Any.SaveHtml(Path.Combine(folder, "a.png")));
        Assert.StartsWith("The file must end in .html or .htm, but ", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder).Length);
    }

    [Theory]
    [InlineData(0.99812, "0.998")]
    [InlineData(-12.345, "−12.3")]
    [InlineData(123456, "123000")]
    [InlineData(4.1234e-8, "4.12e−8")]
    [InlineData(2.5e7, "2.50e7")]
    [InlineData(0.99999, "1")]
    [InlineData(0, "0")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void NumbersHaveThreeDigits(double value, string shown) => Assert.Equal(shown, Digits.Of(value));

    [Theory]
    [InlineData(0.5, 0, 0)]
    [InlineData(0, -1, 0)]
    [InlineData(0, 1, -1)]
    [InlineData(double.NaN, 1, 0)]
    public void AScaleThatMeansNothingIsRefused(double centre, double reach, double floor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ColourScale.Around(centre, reach, floor));

    [Theory]
    [InlineData('p')]
    [InlineData('n')]
    [InlineData('s')]
    public void ColoursGetDarkerOnLightPagesAndBrighterOnDarkOnesStepByStep(char ramp)
    {
        var style = Palette.Style(Enumerable.Range(0, Palette.Levels + 1).Select(level => $"{ramp}{level}")).Split("@media");
        Assert.Equal(Lightness(style[0]).OrderDescending(), Lightness(style[0]));
        Assert.Equal(Lightness(style[1]).Order(), Lightness(style[1]));

        IEnumerable<double> Lightness(string rules) => Regex.Matches(rules, $"\\.{ramp}([0-9]+)\\{{fill:(#[0-9a-f]{{6}})")
            .OrderBy(match => int.Parse(match.Groups[1].Value)).Select(match => Math.Round(Oklab.Of(match.Groups[2].Value).Lightness, 4));
    }
}
