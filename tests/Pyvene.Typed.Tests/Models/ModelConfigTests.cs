using Pyvene.Typed.Errors;
using Pyvene.Typed.Models;

namespace Pyvene.Typed.Tests.Models;

public sealed class ModelConfigTests
{
    [Fact]
    public void NumbersThatPythonWritesAreRead()
    {
        var config = ModelConfig.Parse(
            """{"time_step_limit": [0.0, Infinity], "least": -Infinity, "scale": NaN, "name": "NaN \" Infinity", "last": "\\"}""", "test");
        Assert.Equal([0, double.PositiveInfinity], config.GetElement("time_step_limit")!.Value.EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(double.NegativeInfinity, config.GetNumber("least"));
        Assert.Null(config.GetNumber("scale"));
        Assert.Equal("NaN \" Infinity", config.GetString("name"));
        Assert.Equal("\\", config.GetString("last"));
    }

    [Theory]
    [InlineData("""{"a": Infinite}""")]
    [InlineData("""{"a": "Infinity}""")]
    [InlineData("""{NaN: 1}""")]
    public void WhatPythonDoesNotWriteIsRefused(string json) =>
        Assert.Contains("not valid JSON", Assert.Throws<CheckpointException>(() => ModelConfig.Parse(json, "test")).Message, StringComparison.Ordinal);
}
