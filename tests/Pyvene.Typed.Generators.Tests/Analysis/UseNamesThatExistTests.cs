namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class UseNamesThatExistTests
{
    [Theory]
    [InlineData("static object Load() => Gpt2.[|FromPretrained|](\"a\");", "CS0117", "'Gpt2' has no member 'FromPretrained'; did you mean 'Load'?")]
    [InlineData("static object See(ExperimentRun run) => run.[|Effects|];", "CS1061", "'ExperimentRun' has no member 'Effects'; did you mean 'Receipts'?")]
    [InlineData("static object See(LanguageModel model) => model.[|DModel|];", "CS1061", "'LanguageModel' has no member 'DModel'; did you mean 'HiddenSize'?")]
    [InlineData("Console.WriteLine(Metric.[|KlDivergence|]);", "CS0117", "'Metric' has no member 'KlDivergence'; did you mean 'DivergenceFromClean'?")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).[|MlpOuput|]);", "CS1061", "'Gpt2.Block' has no member 'MlpOuput'; did you mean 'MlpOutput'?")]
    [InlineData(
        "Console.WriteLine(Gpt2.Small.Layer(4).[|BlockOutpt|]);", "CS1061", "'Gpt2.Small.Block' has no member 'BlockOutpt'; did you mean 'BlockOutput'?")]
    [InlineData("Console.WriteLine(Gpt2.[|Layr|](4));", "CS0117", "'Gpt2' has no member 'Layr'; did you mean 'Layer'?")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.[|Interchagne|](Gpt2.Layer(4).MlpOutput));", "CS1061",
        "'Experiment<Gpt2, NoSource>' has no member 'Interchagne'; did you mean 'Interchange'?")]
    [InlineData(
        "Console.WriteLine(Gpt2.Layer(4).AttentionWeight.[|Qury|](^1));", "CS1061", "'AttentionComponent<Gpt2>' has no member 'Qury'; did you mean 'Query'?")]
    [InlineData("static void Show(ExperimentRun<Gpt2>? run) => Console.WriteLine(run?.[|Logit|]);", "CS1061",
        "'ExperimentRun<Gpt2>' has no member 'Logit'; did you mean 'Logits'?")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).[|mlp_output|]);", "CS1061", "'Gpt2.Block' has no member 'mlp_output'; did you mean 'MlpOutput'?")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.[|Ablate|](Gpt2.Layer(4).MlpOutput));", "CS1061",
        "'Experiment<Gpt2, NoSource>' has no member 'Ablate'; did you mean 'Zero'?")]
    [InlineData("Console.WriteLine(Gpt2.Experiment.[|Patch|](Gpt2.Layer(4).MlpOutput));", "CS1061",
        "'Experiment<Gpt2, NoSource>' has no member 'Patch'; did you mean 'Interchange'?")]
    [InlineData(
        "Console.WriteLine(Gpt2.Layer(4).MlpOutput.[|Position|](3));", "CS1061", "'PositionComponent<Gpt2>' has no member 'Position'; did you mean 'At'?")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).AttentionWeight.[|Position|](3));", "CS1061",
        "'AttentionComponent<Gpt2>' has no member 'Position'; did you mean 'Query'?")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).[|hook_resid_pre|]);", "CS1061", "'Gpt2.Block' has no member 'hook_resid_pre'; did you mean 'BlockInput'?")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).[|HeadAttentionOutput|]);", "CS1061",
        "'Gpt2.Block' has no member 'HeadAttentionOutput'; did you mean 'HeadAttentionValueOutput'?")]
    [InlineData("Console.WriteLine([|GPT2|].Layer(4).MlpOutput);", "CS0103", "'Pyvene.Typed' has no member 'GPT2'; did you mean 'Gpt2'?")]
    [InlineData("Console.WriteLine([|GptNeox|].Layer(4).MlpOutput);", "CS0103", "'Pyvene.Typed' has no member 'GptNeox'; did you mean 'GptNeoX'?")]
    public async Task NearestMemberIsNamed(string program, string compilerError, string message) =>
        Assert.Equal(message, await Rule.Finds("PVT201", program, compilerError));

    [Theory]
    [InlineData("Gpt2.Experiment.[|ZeroAblate|](Gpt2.Layer(4).MlpOutput)", "Zero")]
    [InlineData("model.[|HiddenDim|]", "HiddenSize")]
    [InlineData("model.[|DModel|]", "HiddenSize")]
    [InlineData("model.[|Width|]", "HiddenSize")]
    [InlineData("run.[|Top|](5)", "TopTokens")]
    [InlineData("run.[|Prediction|]", "TopTokens")]
    [InlineData("model.[|Predict|](\"a\")", "Run")]
    [InlineData("model.[|RunWithCache|](\"a\")", "Run")]
    [InlineData("model.[|Trace|](\"a\")", "Run")]
    [InlineData("model.[|Stream|](\"a\")", "StreamAsync")]
    [InlineData("Gpt2.[|FromPretrained|](\"a\")", "Load")]
    [InlineData("Gpt2.[|LoadAsync|](\"a\")", "Load")]
    [InlineData("run.[|Effects|]", "Receipts")]
    [InlineData("run.[|Prob|](\" Rome\")", "Probability")]
    [InlineData("run.[|Probabilities|]", "Probability")]
    [InlineData("run.[|Rank|](\" Rome\")", "Measure")]
    [InlineData("Metric.[|LogitDiff|](\" Rome\", \" Madrid\")", "LogitDifference")]
    [InlineData("Metric.[|KlDivergence|]", "DivergenceFromClean")]
    [InlineData("text.[|Text|]", "Texts")]
    public async Task NameOfAnotherLibraryIsAnsweredWithOurs(string guess, string meant) => Assert.EndsWith(
        $"did you mean '{meant}'?",
        await Rule.Finds(
            "PVT201",
            $"static object? See(LanguageModel<Gpt2> model, ExperimentRun<Gpt2> run, GeneratedText<Gpt2> text) => {guess};",
            guess.StartsWith("Gpt2.[", StringComparison.Ordinal) || guess.StartsWith("Metric", StringComparison.Ordinal) ? "CS0117" : "CS1061"),
        StringComparison.Ordinal);

    [Fact]
    public async Task FixWritesTheNearestName() =>
        await Rule.Fixes("PVT201", "Console.WriteLine(Gpt2.Layer(4).MlpOuput.At(^1));", "Console.WriteLine(Gpt2.Layer(4).MlpOutput.At(^1));");

    [Fact]
    public async Task FixWritesTheArchitecture() =>
        await Rule.Fixes("PVT201", "Console.WriteLine(GPT2.Layer(4).MlpOutput);", "Console.WriteLine(Gpt2.Layer(4).MlpOutput);");

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).Wholly);")]
    [InlineData("Console.WriteLine(\"text\".Lenght);")]
    [InlineData("Console.WriteLine(Bloom.Layer(4).MlpOutput);")]
    [InlineData("Console.WriteLine(Gpt3Point5.Turbo);")]
    [InlineData("Console.WriteLine(Gpt2.Layer(4).MlpOutput.At(true));")]
    public async Task CompilersOwnMessageIsEnoughWhereNothingIsNearOrOurs(string program) =>
        Assert.DoesNotContain(await AnalyzedProgram.Of(program).Diagnose(), diagnostic => diagnostic.Id == "PVT201");
}
