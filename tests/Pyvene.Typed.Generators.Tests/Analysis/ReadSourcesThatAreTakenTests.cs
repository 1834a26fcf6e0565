namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ReadSourcesThatAreTakenTests
{
    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Experiment.WithSources(3).Interchange(Gpt2.Layer(3).MlpOutput.From(Source.At([|5|]))));",
        "5 is out of range for 'index' of 'Source.At'; valid are 0 to 2, as WithSources(3) says")]
    [InlineData(
        "var e = Gpt2.Experiment.WithSources(2); Console.WriteLine(e.Zero(Gpt2.Layer(1).MlpOutput).Add(Gpt2.Layer(3).MlpOutput.At(1).From(Source.At([|2|]))));",
        "2 is out of range for 'index' of 'Source.At'; valid are 0 to 1, as WithSources(2) says")]
    public async Task SourceBehindTheLastIsFound(string statements, string message) => Assert.Equal(message, await Rule.Finds("PVT202", statements));

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Experiment.WithSources(3).Interchange(Gpt2.Layer(3).MlpOutput.From(Source.At(2))));")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.WithSources(args.Length).Interchange(Gpt2.Layer(3).MlpOutput.From(Source.At(2))));")]
    [InlineData("for (var n = 0; n < 3; n++) Console.WriteLine(Gpt2.Experiment.WithSources(3).Interchange(Gpt2.Layer(3).MlpOutput.From(Source.At(n))));")]
    public async Task SourceThatIsTakenIsLeftAlone(string statements) => await Rule.FindsNothing(statements);
}
