namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class UseNamesThatExistTests
{
    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).[|MlpOuput|]);", "CS1061", "'Gpt2.Block' has no member 'MlpOuput'; did you mean 'MlpOutput'?")]
    [InlineData("Console.WriteLine(Gpt2.Small.Layer(4).[|BlockOutpt|]);", "CS1061", "'Gpt2.Small.Block' has no member 'BlockOutpt'; did you mean 'BlockOutput'?")]
    [InlineData("Console.WriteLine(Gpt2.[|Layr|](4));", "CS0117", "'Gpt2' has no member 'Layr'; did you mean 'Layer'?")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.[|Interchagne|](Gpt2.Layer(4).MlpOutput));", "CS1061", "'Experiment<Gpt2, NoSource>' has no member 'Interchagne'; did you mean 'Interchange'?")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).AttentionWeight.[|Qury|](^1));", "CS1061", "'AttentionComponent<Gpt2>' has no member 'Qury'; did you mean 'Query'?")]
    [InlineData("static void Show(ExperimentRun<Gpt2>? run) => Console.WriteLine(run?.[|Logit|]);", "CS1061", "'ExperimentRun<Gpt2>' has no member 'Logit'; did you mean 'Logits'?")]
    public async Task NearestMemberIsNamed(string program, string compilerError, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT201", program, compilerError));

    [Fact]
    public async Task FixWritesTheNearestName() =>
        await Rule.Fixes("PVT201", "Console.WriteLine(Gpt2.Layer(4).MlpOuput.At(^1));", "Console.WriteLine(Gpt2.Layer(4).MlpOutput.At(^1));");

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).Wholly);")]
    [InlineData("Console.WriteLine(\"text\".Lenght);")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).MlpOutput.At(true));")]
    public async Task CompilersOwnMessageIsEnoughWhereNothingIsNearOrOurs(string program) =>
        Assert.DoesNotContain(await AnalyzedProgram.Of(program).Diagnose(), diagnostic => diagnostic.Id == "PVT201");
}
