namespace Pyvene.Typed.Generators.Tests;

public sealed class FailureTableTests
{
    private const string Start = "<!-- made by FailureTableTests -->\n";
    private const string End = "<!-- end -->";

    [Fact]
    public void TheReadmeSaysOfFailuresWhatIsTested()
    {
        var readme = Path.Combine(Typed.Tests.Repository.Root, "README.md");
        var text = File.ReadAllText(readme);
        var made = FailureTable.Make();
        var (start, end) = (text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, text.IndexOf(End, StringComparison.Ordinal));
        var received = Path.ChangeExtension(readme, ".received.md");
        File.Delete(received);
        if (text[start..end] != made)
        {
            File.WriteAllText(received, text[..start] + made + text[end..]);
        }

        Assert.False(File.Exists(received), "The table of failures in README.md is not what is tested; README.received.md has it.");
    }
}
